"""Whether public bodies control so much of an enterprise that it is large whatever its figures.

Source: Recommendation 2003/361/EC, Annex, Article 3(4). In words: docs/rules/company-size.md
"""

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction

from capofila.companies.rules.reasons import Said, Word
from capofila.companies.rules.structure import Structure
from capofila.companies.rules.ties import KINDS, Holding, Shares
from capofila.lib.problems import gettext_noop


def public(look: Structure, said: Said) -> bool:
    """Whether public bodies control the subject, together; the reason is added to what is `said`."""
    return _Public(look, said).public()


class _Public:
    def __init__(self, look: Structure, said: Said) -> None:
        self.look = look
        self.said = said

    def public(self) -> bool:
        limit = self.look.thresholds.public_from
        sure = self._public_sum(unknown_too=False)
        perhaps = self._public_sum(unknown_too=True)
        if sure.share >= limit:
            names, share = tuple(sorted(sure.owners)), sure.share
            if len(names) == 1:
                self.said.say(
                    gettext_noop(
                        "Public bodies control {share} % of {of}, {limit} % or more, through what "
                        "{name} holds: {of} is large whatever its figures."
                    ),
                    names[0], share=share, of=self.look.subject, limit=limit,
                )  # fmt: skip
            else:
                self.said.say(
                    gettext_noop(
                        "Public bodies control {share} % of {of}, {limit} % or more, through what "
                        "{names} hold together: {of} is large whatever its figures."
                    ),
                    names=names, share=share, of=self.look.subject, limit=limit,
                )  # fmt: skip
            return True
        in_command = self._controlled(self._public_bodies(unknown_too=False))
        if self.look.subject in in_command:
            self.said.say(
                gettext_noop("Public bodies control {name}: it is large whatever its figures."),
                self.look.subject,
            )
            return True
        if perhaps.share >= limit:
            missing = {
                name
                for name, enterprise in self.look.ties.enterprises.items()
                if self.look.public_kind(enterprise) is None
            }
            self.said.ask(
                gettext_noop(
                    "Whether the exemption of small local authorities holds is not known: the budget or the "
                    "inhabitants of {names} are missing."
                ),
                names=tuple(sorted(missing)),
            )
        elif sure.owners:
            self.said.say(
                gettext_noop("Public bodies control {share} % of {of}, less than {limit} %."),
                share=sure.share, of=self.look.subject, limit=limit,
            )  # fmt: skip
        self._say_public_elsewhere()
        return False

    def _say_public_elsewhere(self) -> None:
        for holding in self.look.ties.holdings:
            owner = self.look.ties.enterprises[holding.owner]
            if (
                holding.of != self.look.subject
                and holding.of in self.look.linked
                and self.look.public_kind(owner)
            ):
                self.said.say(
                    gettext_noop(
                        "{name} ({kind}) holds {share} % of {of}, which is no control of {subject}: "
                        "it adds nothing."
                    ),
                    owner.name, kind=Word(KINDS[owner.kind]), share=holding.share, of=holding.of,
                    subject=self.look.subject,
                )  # fmt: skip

    def _public_bodies(self, *, unknown_too: bool) -> set[str]:
        """A small local authority is one of them where it is linked: its exemption has ended."""
        found = set()
        for name, enterprise in self.look.ties.enterprises.items():
            public = self.look.public_kind(enterprise)
            linked = enterprise.kind == "local-authority" and name in self.look.linked
            if name != self.look.subject and (public or linked or (unknown_too and public is None)):
                found.add(name)
        return found

    def _public_sum(self, *, unknown_too: bool) -> Shares:
        public = self._public_bodies(unknown_too=unknown_too)
        controlled = self._controlled(public)
        found = Shares()
        for holding in self.look.ties.holdings:
            if holding.of != self.look.subject or holding.owner not in controlled | public:
                continue
            if holding.owner in public or self.look.exempt(holding.owner, holding.of) is False:
                found.count(holding)
        return found

    def _controlled(self, public: Collection[str]) -> set[str]:
        """Enterprises that public bodies control together, by votes or links, through any number of steps."""
        partners: dict[str, list[str]] = defaultdict(list)
        for link in self.look.ties.links:
            if link.by != "person":
                one, other = link.between
                partners[one].append(other)
                partners[other].append(one)
        held: dict[str, list[Holding]] = defaultdict(list)
        for holding in self.look.ties.holdings:
            held[holding.owner].append(holding)
        votes: dict[str, Fraction] = defaultdict(Fraction)
        reached, pending = set(public), sorted(public)
        while pending:
            name = pending.pop()
            found = set(partners[name])
            for holding in held[name]:
                votes[holding.of] += holding.votes
                if self.look.majority(votes[holding.of]):
                    found.add(holding.of)
            for other in found - reached:
                if self.look.ties.enterprises[other].kind != "person":
                    reached.add(other)
                    pending.append(other)
        return reached - set(public)

"""Which enterprises are counted with one enterprise on one day, and with what weight.

Source: Recommendation 2003/361/EC, Annex, Articles 3 and 6, the same as Regulation (EU) 651/2014,
Annex I. Shares are percent, 0 to 100; weights are parts of one. In words, with numbers worked out:
docs/rules/company-size.md. This is not the undertaking of the de minimis rules, which is another graph.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from capofila.companies.rules.reasons import Fact, Reason, Word, because
from capofila.companies.rules.size import Thresholds
from capofila.lib.problems import gettext_noop

KINDS = {
    "firm": gettext_noop("firm"),
    "public-body": gettext_noop("public body"),
    "local-authority": gettext_noop("local authority"),
    "public-investment-corporation": gettext_noop("public investment corporation"),
    "venture-capital": gettext_noop("venture capital company"),
    "business-angel": gettext_noop("business angel"),
    "university": gettext_noop("university"),
    "research-centre": gettext_noop("research centre"),
    "institutional-investor": gettext_noop("institutional investor"),
    "person": gettext_noop("person"),
}
INVESTORS = (
    "public-investment-corporation", "venture-capital", "business-angel", "university",
    "research-centre", "institutional-investor",
)  # fmt: skip
WAYS = {
    "board-majority": gettext_noop("the right to appoint most of the board"),
    "dominant-influence": gettext_noop("a dominant influence"),
    "agreement": gettext_noop("an agreement that gives sole control"),
    "person": gettext_noop("the same persons"),
}
MARKETS = ("same", "adjacent", "other")
LINKING_MARKETS = ("same", "adjacent")


@dataclass(frozen=True)
class Accounts:
    """One year's: annual work units, and money in whole cents; None is not known."""

    year: int
    awu: Fraction | None = None
    turnover: int | None = None
    balance_sheet: int | None = None


@dataclass(frozen=True)
class Enterprise:
    """A node of the graph, enterprise or not; money in whole cents, None is not known."""

    name: str
    kind: str = "firm"
    country: str = "IT"
    accounts: tuple[Accounts, ...] = ()
    invested: int | None = None  # by a business angel, in what it holds
    budget: int | None = None  # of a local authority, a year
    inhabitants: int | None = None

    def in_year(self, year: int) -> Accounts | None:
        return next((accounts for accounts in self.accounts if accounts.year == year), None)


@dataclass(frozen=True)
class Holding:
    """Percent of capital and of votes; both days are included, None is no limit."""

    owner: str
    of: str
    capital: Fraction
    votes: Fraction
    since: date | None = None
    until: date | None = None

    @property
    def share(self) -> Fraction:
        return max(self.capital, self.votes)


@dataclass(frozen=True)
class Link:
    """What makes two enterprises one group without a majority of votes.

    `market` matters for persons alone; None is not known.
    """

    between: tuple[str, str]
    by: str
    market: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def counts(self) -> bool:
        return self.by != "person" or self.market in LINKING_MARKETS


@dataclass(frozen=True)
class Ties:
    """All that is known of a group; every name in `holdings` and `links` is an enterprise."""

    enterprises: Mapping[str, Enterprise]
    holdings: tuple[Holding, ...] = ()
    links: tuple[Link, ...] = ()

    def on(self, day: date) -> "Ties":
        """Those that hold on the day, in an order of their own."""
        holdings = sorted(
            (each for each in self.holdings if _holds(each, day)),
            key=lambda each: (each.of, each.owner, each.capital, each.votes),
        )
        links = sorted(
            (each for each in self.links if _holds(each, day)),
            key=lambda each: (sorted(each.between), each.by, each.market or ""),
        )
        return Ties(self.enterprises, tuple(holdings), tuple(links))


@dataclass(frozen=True)
class Group:
    """Who is counted with `subject`; `linked` and `weights` begin with it.

    `public`: public bodies hold so much of it that it is large whatever its figures. `open`: what
    would have to be known to say who is counted; empty when nothing is missing.
    """

    subject: str
    weights: Mapping[str, Fraction]
    linked: tuple[str, ...]
    public: bool
    open: tuple[Reason, ...]
    reasons: tuple[Reason, ...]

    @property
    def is_autonomous(self) -> bool:
        return len(self.weights) == 1 and not self.public and not self.open

    def counts_as(self, other: "Group") -> bool:
        """Whether the structure is the same for the size class."""
        mine, others = (self.weights, self.public, self.open), (other.weights, other.public, other.open)
        return mine == others


def group(ties: Ties, subject: str, day: date, thresholds: Thresholds) -> Group:
    """The group of `subject` on the day. Structures in circles are read like any other."""
    now = ties.on(day)
    found = _Look(now, subject, thresholds).group()
    unsaid = [link for link in now.links if link.by == "person" and link.market is None]
    if unsaid:
        perhaps = replace(
            now, links=tuple(replace(each, market="same") if each in unsaid else each for each in now.links)
        )
        if not _Look(perhaps, subject, thresholds).group().counts_as(found):
            return replace(found, open=(*found.open, *map(_market_missing, unsaid)))
    return found


def _market_missing(link: Link) -> Reason:
    one, other = sorted(link.between)
    sentence = gettext_noop(
        "Whether {one} and {other}, with the same persons behind them, are in the same or an adjacent market "
        "is missing."
    )
    return because(sentence, one=one, other=other)


def _holds(tie: Holding | Link, day: date) -> bool:
    return (tie.since is None or tie.since <= day) and (tie.until is None or day <= tie.until)


class _Sum:
    """Capital and votes added up separately; their share is the higher of the two."""

    def __init__(self) -> None:
        self.capital = self.votes = Fraction(0)
        self.owners: set[str] = set()

    def count(self, holding: Holding) -> None:
        self.capital += holding.capital
        self.votes += holding.votes
        self.owners.add(holding.owner)

    @property
    def share(self) -> Fraction:
        return min(max(self.capital, self.votes), Fraction(100))


class _Look:
    """One look at the ties of one day from one enterprise."""

    def __init__(self, ties: Ties, subject: str, thresholds: Thresholds) -> None:
        self.ties = ties
        self.subject = subject
        self.thresholds = thresholds
        self.reasons: list[Reason] = []
        self.open: list[Reason] = []
        self.root = self._linked_together()
        self.members: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.root):
            self.members[self.root[name]].append(name)
        linked = self.members[self.root[subject]]
        self.linked = frozenset(linked)
        self.angels = self._angels_money()

    def group(self) -> Group:
        self._say_links()
        public = self._public()
        partners = self._partners()
        self._say_persons()
        self._say_more_than_whole()
        counted = [name for name in self.members[self.root[self.subject]] if self._has_figures(name)]
        weights = {self.subject: Fraction(1)} | dict.fromkeys(counted, Fraction(1))
        for share, members in sorted(partners, key=lambda partner: (-partner[0], partner[1])):
            weights |= dict.fromkeys(filter(self._has_figures, members), share / 100)
        others = [name for name in counted if name != self.subject]
        return Group(
            self.subject, weights, (self.subject, *others), public, tuple(self.open), tuple(self.reasons)
        )

    # Linked enterprises

    def _linked_together(self) -> dict[str, str]:
        """Enterprise -> one of those it is linked with, the same for all of them.

        Holdings of enterprises linked together add up, so that what they control jointly joins them.
        """
        conducting = {name for name in self.ties.enterprises if name == self.subject or self._links(name)}
        parent = {name: name for name in conducting}
        votes: dict[str, dict[str, Fraction]] = {name: defaultdict(Fraction) for name in conducting}
        joined = [
            link.between for link in self.ties.links if link.counts and conducting.issuperset(link.between)
        ]
        for holding in self.ties.holdings:
            if holding.owner in conducting and holding.of in conducting:
                votes[holding.owner][holding.of] += holding.votes
        joined += [
            (owner, of) for owner, held in votes.items() for of, sum_ in held.items() if self._majority(sum_)
        ]

        def root(name: str) -> str:
            while parent[name] != name:
                parent[name] = name = parent[parent[name]]
            return name

        while joined:
            one, other = map(root, joined.pop())
            if one == other:
                continue
            if len(votes[one]) < len(votes[other]):
                one, other = other, one
            parent[other] = one
            for of, sum_ in votes.pop(other).items():
                votes[one][of] += sum_
                if self._majority(votes[one][of]):
                    joined.append((one, of))
        return {name: root(name) for name in conducting}

    def _majority(self, votes: Fraction) -> bool:
        return votes > self.thresholds.linked_above

    def _links(self, name: str) -> bool:
        """Whether enterprises may be linked through it: neither public bodies nor persons."""
        enterprise = self.ties.enterprises[name]
        return enterprise.kind != "person" and self._public_kind(enterprise) is not True

    def _has_figures(self, name: str) -> bool:
        kind = self.ties.enterprises[name].kind
        return name == self.subject or kind not in ("person", "public-body", "local-authority")

    def _say_links(self) -> None:
        jointly: dict[str, _Sum] = defaultdict(_Sum)
        for holding in self.ties.holdings:
            if holding.of in self.linked and holding.owner in self.linked:
                jointly[holding.of].count(holding)
        for of, held in jointly.items():
            if self._majority(held.votes):
                owners = tuple(sorted(held.owners))
                if len(owners) == 1:
                    self._say(
                        gettext_noop(
                            "{name} holds {votes} % of the votes of {of}, more than {limit} %: "
                            "they are linked."
                        ),
                        owners[0], votes=held.votes, of=of, limit=self.thresholds.linked_above,
                    )  # fmt: skip
                else:
                    self._say(
                        gettext_noop(
                            "{names}, linked together, hold {votes} % of the votes of {of}, "
                            "more than {limit} %: they are linked with it."
                        ),
                        names=owners, votes=held.votes, of=of, limit=self.thresholds.linked_above,
                    )  # fmt: skip
        for link in self.ties.links:
            if self.linked.isdisjoint(link.between):
                continue
            one, other = sorted(link.between)
            way = Word(WAYS[link.by])
            if link.counts and self.linked.issuperset(link.between):
                self._say(
                    gettext_noop("{one} and {other} are linked by {way}."), one=one, other=other, way=way
                )
            elif link.market is not None:
                self._say(
                    gettext_noop(
                        "{one} and {other} have the same persons behind them but neither the same nor an "
                        "adjacent market: they are not linked by that."
                    ),
                    one=one, other=other,
                )  # fmt: skip
        others = tuple(sorted(filter(self._has_figures, self.linked - {self.subject})))
        if others:
            self._say(gettext_noop("Linked with {name}, counted whole: {names}."), self.subject, names=others)
        investors = tuple(name for name in others if self.ties.enterprises[name].kind in INVESTORS)
        if investors:
            self._say(
                gettext_noop("The exemption of investors ends where they are linked: {names}."),
                names=investors,
            )

    # Exempt investors

    def _angels_money(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Of enterprises that business angels hold: what they invested, and whose amount is missing."""
        angels: dict[str, set[str]] = defaultdict(set)
        for holding in self.ties.holdings:
            if self.ties.enterprises[holding.owner].kind == "business-angel":
                angels[holding.of].add(holding.owner)
        found = {}
        for of, names in angels.items():
            amounts = {name: self.ties.enterprises[name].invested for name in names}
            missing = tuple(sorted(name for name, amount in amounts.items() if amount is None))
            found[of] = sum(amount or 0 for amount in amounts.values()), missing
        return found

    def _exempt(self, owner: str, of: str) -> bool | None:
        """Whether what `owner` holds of `of`, in the group, adds nothing; None: not known."""
        if owner in self.linked:
            return False
        enterprise = self.ties.enterprises[owner]
        if enterprise.kind == "local-authority":
            public = self._public_kind(enterprise)
            return None if public is None else not public
        if enterprise.kind == "business-angel":
            invested, missing = self.angels[of]
            if invested >= self.thresholds.angels_below:
                return False
            return None if missing else True
        return enterprise.kind in INVESTORS

    def _public_kind(self, enterprise: Enterprise) -> bool | None:
        """Whether it is a public body; None for a local authority that may be small enough to be exempt."""
        if enterprise.kind != "local-authority":
            return enterprise.kind == "public-body"
        limits = self.thresholds
        if enterprise.budget is not None and enterprise.budget >= limits.authority_budget_below:
            return True
        if (
            enterprise.inhabitants is not None
            and enterprise.inhabitants >= limits.authority_inhabitants_below
        ):
            return True
        return None if enterprise.budget is None or enterprise.inhabitants is None else False

    # Public bodies

    def _public(self) -> bool:
        """Whether public bodies control so much of the subject, together, that it is large."""
        limit = self.thresholds.public_from
        sure = self._public_sum(unknown_too=False)
        perhaps = self._public_sum(unknown_too=True)
        if sure.share >= limit:
            names, share = tuple(sorted(sure.owners)), sure.share
            if len(names) == 1:
                self._say(
                    gettext_noop(
                        "Public bodies control {share} % of {of}, {limit} % or more, through what "
                        "{name} holds: {of} is large whatever its figures."
                    ),
                    names[0], share=share, of=self.subject, limit=limit,
                )  # fmt: skip
            else:
                self._say(
                    gettext_noop(
                        "Public bodies control {share} % of {of}, {limit} % or more, through what "
                        "{names} hold together: {of} is large whatever its figures."
                    ),
                    names=names, share=share, of=self.subject, limit=limit,
                )  # fmt: skip
            return True
        in_command = self._controlled(self._public_bodies(unknown_too=False))
        if self.subject in in_command:
            self._say(
                gettext_noop("Public bodies control {name}: it is large whatever its figures."), self.subject
            )
            return True
        if perhaps.share >= limit:
            missing = {
                name
                for name, enterprise in self.ties.enterprises.items()
                if self._public_kind(enterprise) is None
            }
            self._ask(
                gettext_noop(
                    "Whether the exemption of small local authorities holds is not known: the budget or the "
                    "inhabitants of {names} are missing."
                ),
                names=tuple(sorted(missing)),
            )
        elif sure.owners:
            self._say(
                gettext_noop("Public bodies control {share} % of {of}, less than {limit} %."),
                share=sure.share, of=self.subject, limit=limit,
            )  # fmt: skip
        self._say_public_elsewhere()
        return False

    def _say_public_elsewhere(self) -> None:
        for holding in self.ties.holdings:
            owner = self.ties.enterprises[holding.owner]
            if holding.of != self.subject and holding.of in self.linked and self._public_kind(owner):
                self._say(
                    gettext_noop(
                        "{name} ({kind}) holds {share} % of {of}, which is no control of {subject}: "
                        "it adds nothing."
                    ),
                    owner.name, kind=Word(KINDS[owner.kind]), share=holding.share, of=holding.of,
                    subject=self.subject,
                )  # fmt: skip

    def _public_bodies(self, *, unknown_too: bool) -> set[str]:
        """A small local authority is one of them where it is linked: its exemption has ended."""
        found = set()
        for name, enterprise in self.ties.enterprises.items():
            public = self._public_kind(enterprise)
            linked = enterprise.kind == "local-authority" and name in self.linked
            if name != self.subject and (public or linked or (unknown_too and public is None)):
                found.add(name)
        return found

    def _public_sum(self, *, unknown_too: bool) -> _Sum:
        public = self._public_bodies(unknown_too=unknown_too)
        controlled = self._controlled(public)
        found = _Sum()
        for holding in self.ties.holdings:
            if holding.of != self.subject or holding.owner not in controlled | public:
                continue
            if holding.owner in public or self._exempt(holding.owner, holding.of) is False:
                found.count(holding)
        return found

    def _controlled(self, public: Collection[str]) -> set[str]:
        """Enterprises that public bodies control together, by votes or links, through any number of steps."""
        partners: dict[str, list[str]] = defaultdict(list)
        for link in self.ties.links:
            if link.by != "person":
                one, other = link.between
                partners[one].append(other)
                partners[other].append(one)
        held: dict[str, list[Holding]] = defaultdict(list)
        for holding in self.ties.holdings:
            held[holding.owner].append(holding)
        votes: dict[str, Fraction] = defaultdict(Fraction)
        reached, pending = set(public), sorted(public)
        while pending:
            name = pending.pop()
            found = set(partners[name])
            for holding in held[name]:
                votes[holding.of] += holding.votes
                if self._majority(votes[holding.of]):
                    found.add(holding.of)
            for other in found - reached:
                if self.ties.enterprises[other].kind != "person":
                    reached.add(other)
                    pending.append(other)
        return reached - set(public)

    # Partners

    def _partners(self) -> list[tuple[Fraction, list[str]]]:
        """(percent, enterprises) of each partner with those linked to it; of two ways the higher."""
        shares: dict[str, Fraction] = {}
        for (root, of), held in self._upstream():
            if held.share >= self.thresholds.partner_from:
                shares[root] = max(shares.get(root, Fraction(0)), held.share)
                self._say_partner(held, of)
            else:
                self._say_too_little(held, of)
        for of, held in self._downstream():
            if held.share >= self.thresholds.partner_from:
                root = self.root[of]
                shares[root] = max(shares.get(root, Fraction(0)), held.share)
                self._say_partner(held, of)
            else:
                self._say_too_little(held, of)
        direct = {holding.owner for holding in self.ties.holdings if holding.of in self.linked} | {
            holding.of for holding in self.ties.holdings if holding.owner in self.linked
        }
        found = []
        for root, share in shares.items():
            members = self.members[root]
            found.append((share, members))
            counted = tuple(filter(self._has_figures, members))
            self._say(gettext_noop("Counted at {share} %: {names}."), share=share, names=counted)
            beyond = tuple(name for name in counted if name not in direct)
            if beyond:
                self._say(
                    gettext_noop(
                        "{names}: added whole to the partner with which they are linked, "
                        "before its percentage."
                    ),
                    names=beyond,
                )
        return found

    def _upstream(self) -> Iterator[tuple[tuple[str, str], _Sum]]:
        """What enterprises linked together hold of an enterprise of the group, exempt investors left out."""
        found: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
        unsure: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
        exempt: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
        for holding in self.ties.holdings:
            owner, of = holding.owner, holding.of
            if of not in self.linked or owner in self.linked or owner not in self.root:
                continue
            is_exempt = self._exempt(owner, of)
            if is_exempt is not False:
                exempt[owner, of].count(holding)
            elif self._has_figures(owner):
                found[self.root[owner], of].count(holding)
            if is_exempt is None and self.ties.enterprises[owner].kind == "business-angel":
                unsure[self.root[owner], of].count(holding)
        for (owner, of), held in exempt.items():
            self._say_exempt(owner, of, held)
        for (root, of), held in unsure.items():
            known = found.get((root, of), _Sum())
            share = max(known.capital + held.capital, known.votes + held.votes)
            if share >= self.thresholds.partner_from:
                self._ask(
                    gettext_noop(
                        "Whether the exemption of business angels in {of} holds is not known: what {names} "
                        "invested is missing."
                    ),
                    of=of, names=self.angels[of][1],
                )  # fmt: skip
        yield from found.items()

    def _downstream(self) -> Iterable[tuple[str, _Sum]]:
        found: dict[str, _Sum] = defaultdict(_Sum)
        for holding in self.ties.holdings:
            if holding.owner in self.linked and holding.of not in self.linked and holding.of in self.root:
                found[holding.of].count(holding)
        return found.items()

    def _say_partner(self, held: _Sum, of: str) -> None:
        names = tuple(sorted(held.owners))
        if len(names) == 1:
            sentence = gettext_noop("{name} holds {share} % of {of}: they are partners.")
            self._say(sentence, names[0], share=held.share, of=of)
        else:
            sentence = gettext_noop("{names}, linked together, hold {share} % of {of}: they are partners.")
            self._say(sentence, names=names, share=held.share, of=of)

    def _say_too_little(self, held: _Sum, of: str) -> None:
        sentence = gettext_noop(
            "What {names} holds of {of}, {share} %, is less than {limit} %: it adds nothing."
        )
        self._say(
            sentence, names=tuple(sorted(held.owners)), of=of, share=held.share,
            limit=self.thresholds.partner_from,
        )  # fmt: skip

    def _say_exempt(self, owner: str, of: str, held: _Sum) -> None:
        kind = Word(KINDS[self.ties.enterprises[owner].kind])
        if held.share < self.thresholds.partner_from:
            sentence = gettext_noop("{name} ({kind}) holds {share} % of {of}: it adds nothing.")
        elif self._exempt(owner, of) is None:
            return
        else:
            sentence = gettext_noop(
                "{name} ({kind}) holds {share} % of {of}: an exempt investor that is not linked with it, "
                "it adds nothing."
            )
        self._say(sentence, owner, kind=kind, share=held.share, of=of)

    def _say_more_than_whole(self) -> None:
        sums: dict[str, _Sum] = defaultdict(_Sum)
        for holding in self.ties.holdings:
            if holding.of in self.linked or holding.owner in self.linked:
                sums[holding.of].count(holding)
        for of, held in sums.items():
            added = max(held.capital, held.votes)
            if added > 100:
                self._say(
                    gettext_noop("The shares of {of} add up to {share} %, more than the whole: check them."),
                    of=of, share=added,
                )  # fmt: skip

    # Persons

    def _say_persons(self) -> None:
        """A person with the majority of two enterprises, of which nobody said whether they share a market."""
        majorities: dict[str, _Sum] = defaultdict(_Sum)
        controlled: dict[str, set[str]] = defaultdict(set)
        for holding in self.ties.holdings:
            if self.ties.enterprises[holding.owner].kind == "person":
                held = majorities[f"{holding.owner}\n{holding.of}"]
                held.count(holding)
                if self._majority(held.votes):
                    controlled[holding.owner].add(holding.of)
        said = {frozenset(link.between) for link in self.ties.links if link.by == "person"}
        for person, names in sorted(controlled.items()):
            for one in sorted(names & self.linked):
                for other in sorted(names - self.linked):
                    if frozenset((one, other)) not in said:
                        self._say(
                            gettext_noop(
                                "{name} controls {one} and {other}; no link says that they are in "
                                "the same or an adjacent market, so they are not counted together."
                            ),
                            person, one=one, other=other,
                        )  # fmt: skip

    def _say(self, sentence: str, name: str | None = None, /, **facts: Fact) -> None:
        named: dict[str, Fact] = {} if name is None else {"name": name}
        self.reasons.append(because(sentence, **named, **facts))

    def _ask(self, sentence: str, /, **facts: Fact) -> None:
        self.open.append(because(sentence, **facts))

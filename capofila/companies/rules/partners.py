"""Who is a partner of an enterprise or of those linked with it, and what it adds.

Source: Recommendation 2003/361/EC, Annex, Articles 3(2) and 6(2). In words: docs/rules/company-size.md
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from capofila.companies.rules.reasons import Said, Word
from capofila.companies.rules.structure import Structure
from capofila.companies.rules.ties import KINDS, Shares
from capofila.lib.problems import gettext_noop


def partners(look: Structure, said: Said) -> list[tuple[Fraction, list[str]]]:
    """(percent, enterprises) of each partner with those linked to it; of two ways the higher."""
    return _Partners(look, said).partners()


class _Partners:
    def __init__(self, look: Structure, said: Said) -> None:
        self.look = look
        self.said = said

    def partners(self) -> list[tuple[Fraction, list[str]]]:
        shares: dict[str, Fraction] = {}
        for (root, of), held in self._upstream():
            if held.share >= self.look.thresholds.partner_from:
                shares[root] = max(shares.get(root, Fraction(0)), held.share)
                self._say_partner(held, of)
            else:
                self._say_too_little(held, of)
        for of, held in self._downstream():
            if held.share >= self.look.thresholds.partner_from:
                root = self.look.root[of]
                shares[root] = max(shares.get(root, Fraction(0)), held.share)
                self._say_partner(held, of)
            else:
                self._say_too_little(held, of)
        direct = {holding.owner for holding in self.look.ties.holdings if holding.of in self.look.linked} | {
            holding.of for holding in self.look.ties.holdings if holding.owner in self.look.linked
        }
        found = []
        for root, share in shares.items():
            members = self.look.members[root]
            found.append((share, members))
            counted = tuple(filter(self.look.has_figures, members))
            self.said.say(gettext_noop("Counted at {share} %: {names}."), share=share, names=counted)
            beyond = tuple(name for name in counted if name not in direct)
            if beyond:
                self.said.say(
                    gettext_noop(
                        "{names}: added whole to the partner with which they are linked, "
                        "before its percentage."
                    ),
                    names=beyond,
                )
        return found

    def _upstream(self) -> Iterator[tuple[tuple[str, str], Shares]]:
        """What enterprises linked together hold of an enterprise of the group, exempt investors left out."""
        found: dict[tuple[str, str], Shares] = defaultdict(Shares)
        unsure: dict[tuple[str, str], Shares] = defaultdict(Shares)
        exempt: dict[tuple[str, str], Shares] = defaultdict(Shares)
        for holding in self.look.ties.holdings:
            owner, of = holding.owner, holding.of
            if of not in self.look.linked or owner in self.look.linked or owner not in self.look.root:
                continue
            is_exempt = self.look.exempt(owner, of)
            if is_exempt is not False:
                exempt[owner, of].count(holding)
            elif self.look.has_figures(owner):
                found[self.look.root[owner], of].count(holding)
            if is_exempt is None and self.look.ties.enterprises[owner].kind == "business-angel":
                unsure[self.look.root[owner], of].count(holding)
        for (owner, of), held in exempt.items():
            self._say_exempt(owner, of, held)
        for (root, of), held in unsure.items():
            known = found.get((root, of), Shares())
            share = max(known.capital + held.capital, known.votes + held.votes)
            if share >= self.look.thresholds.partner_from:
                self.said.ask(
                    gettext_noop(
                        "Whether the exemption of business angels in {of} holds is not known: what {names} "
                        "invested is missing."
                    ),
                    of=of, names=self.look.angels[of][1],
                )  # fmt: skip
        yield from found.items()

    def _downstream(self) -> Iterable[tuple[str, Shares]]:
        found: dict[str, Shares] = defaultdict(Shares)
        for holding in self.look.ties.holdings:
            if (
                holding.owner in self.look.linked
                and holding.of not in self.look.linked
                and holding.of in self.look.root
            ):
                found[holding.of].count(holding)
        return found.items()

    def _say_partner(self, held: Shares, of: str) -> None:
        names = tuple(sorted(held.owners))
        if len(names) == 1:
            sentence = gettext_noop("{name} holds {share} % of {of}: they are partners.")
            self.said.say(sentence, names[0], share=held.share, of=of)
        else:
            sentence = gettext_noop("{names}, linked together, hold {share} % of {of}: they are partners.")
            self.said.say(sentence, names=names, share=held.share, of=of)

    def _say_too_little(self, held: Shares, of: str) -> None:
        sentence = gettext_noop(
            "What {names} holds of {of}, {share} %, is less than {limit} %: it adds nothing."
        )
        self.said.say(
            sentence, names=tuple(sorted(held.owners)), of=of, share=held.share,
            limit=self.look.thresholds.partner_from,
        )  # fmt: skip

    def _say_exempt(self, owner: str, of: str, held: Shares) -> None:
        kind = Word(KINDS[self.look.ties.enterprises[owner].kind])
        if held.share < self.look.thresholds.partner_from:
            sentence = gettext_noop("{name} ({kind}) holds {share} % of {of}: it adds nothing.")
        elif self.look.exempt(owner, of) is None:
            return
        else:
            sentence = gettext_noop(
                "{name} ({kind}) holds {share} % of {of}: an exempt investor that is not linked with it, "
                "it adds nothing."
            )
        self.said.say(sentence, owner, kind=kind, share=held.share, of=of)

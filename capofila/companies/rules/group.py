"""Which enterprises are counted with one enterprise on one day, and with what weight.

Source: Recommendation 2003/361/EC, Annex, Articles 3 and 6, the same as Regulation (EU) 651/2014,
Annex I. Shares are percent, 0 to 100; weights are parts of one. In words, with numbers worked out:
docs/rules/company-size.md. This is not the undertaking of the de minimis rules, which is another graph.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from capofila.companies.rules.partners import partners
from capofila.companies.rules.public import public
from capofila.companies.rules.reasons import Reason, Said, Word, because
from capofila.companies.rules.size import Thresholds
from capofila.companies.rules.structure import Structure
from capofila.companies.rules.ties import (
    INVESTORS,
    KINDS,
    MARKETS,
    WAYS,
    Accounts,
    Enterprise,
    Holding,
    Link,
    Shares,
    Ties,
)  # fmt: skip
from capofila.lib.problems import gettext_noop

__all__ = [
    "INVESTORS", "KINDS", "MARKETS", "WAYS", "Accounts", "Enterprise", "Group", "Holding", "Link", "Ties",
    "group",
]  # fmt: skip


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
    found = _group(Structure(now, subject, thresholds))
    unsaid = [link for link in now.links if link.by == "person" and link.market is None]
    if unsaid:
        perhaps = replace(
            now, links=tuple(replace(each, market="same") if each in unsaid else each for each in now.links)
        )
        if not _group(Structure(perhaps, subject, thresholds)).counts_as(found):
            return replace(found, open=(*found.open, *map(_market_missing, unsaid)))
    return found


def _market_missing(link: Link) -> Reason:
    one, other = sorted(link.between)
    sentence = gettext_noop(
        "Whether {one} and {other}, with the same persons behind them, are in the same or an adjacent market "
        "is missing."
    )
    return because(sentence, one=one, other=other)


def _group(look: Structure) -> Group:
    said = Said()
    _say_links(look, said)
    is_public = public(look, said)
    added = partners(look, said)
    _say_persons(look, said)
    _say_more_than_whole(look, said)
    counted = [name for name in look.members[look.root[look.subject]] if look.has_figures(name)]
    weights = {look.subject: Fraction(1)} | dict.fromkeys(counted, Fraction(1))
    for share, members in sorted(added, key=lambda partner: (-partner[0], partner[1])):
        weights |= dict.fromkeys(filter(look.has_figures, members), share / 100)
    others = [name for name in counted if name != look.subject]
    return Group(
        look.subject, weights, (look.subject, *others), is_public, tuple(said.open), tuple(said.reasons)
    )


def _say_links(look: Structure, said: Said) -> None:
    jointly: dict[str, Shares] = defaultdict(Shares)
    for holding in look.ties.holdings:
        if holding.of in look.linked and holding.owner in look.linked:
            jointly[holding.of].count(holding)
    for of, held in jointly.items():
        if look.majority(held.votes):
            owners = tuple(sorted(held.owners))
            if len(owners) == 1:
                said.say(
                    gettext_noop(
                        "{name} holds {votes} % of the votes of {of}, more than {limit} %: "
                        "they are linked."
                    ),
                    owners[0], votes=held.votes, of=of, limit=look.thresholds.linked_above,
                )  # fmt: skip
            else:
                said.say(
                    gettext_noop(
                        "{names}, linked together, hold {votes} % of the votes of {of}, "
                        "more than {limit} %: they are linked with it."
                    ),
                    names=owners, votes=held.votes, of=of, limit=look.thresholds.linked_above,
                )  # fmt: skip
    for link in look.ties.links:
        if look.linked.isdisjoint(link.between):
            continue
        one, other = sorted(link.between)
        way = Word(WAYS[link.by])
        if link.counts and look.linked.issuperset(link.between):
            said.say(gettext_noop("{one} and {other} are linked by {way}."), one=one, other=other, way=way)
        elif link.market is not None:
            said.say(
                gettext_noop(
                    "{one} and {other} have the same persons behind them but neither the same nor an "
                    "adjacent market: they are not linked by that."
                ),
                one=one, other=other,
            )  # fmt: skip
    others = tuple(sorted(filter(look.has_figures, look.linked - {look.subject})))
    if others:
        said.say(gettext_noop("Linked with {name}, counted whole: {names}."), look.subject, names=others)
    investors = tuple(name for name in others if look.ties.enterprises[name].kind in INVESTORS)
    if investors:
        said.say(
            gettext_noop("The exemption of investors ends where they are linked: {names}."),
            names=investors,
        )


def _say_more_than_whole(look: Structure, said: Said) -> None:
    sums: dict[str, Shares] = defaultdict(Shares)
    for holding in look.ties.holdings:
        if holding.of in look.linked or holding.owner in look.linked:
            sums[holding.of].count(holding)
    for of, held in sums.items():
        added = max(held.capital, held.votes)
        if added > 100:
            said.say(
                gettext_noop("The shares of {of} add up to {share} %, more than the whole: check them."),
                of=of, share=added,
            )  # fmt: skip


def _say_persons(look: Structure, said: Said) -> None:
    """A person with the majority of two enterprises, of which nobody said whether they share a market."""
    majorities: dict[str, Shares] = defaultdict(Shares)
    controlled: dict[str, set[str]] = defaultdict(set)
    for holding in look.ties.holdings:
        if look.ties.enterprises[holding.owner].kind == "person":
            held = majorities[f"{holding.owner}\n{holding.of}"]
            held.count(holding)
            if look.majority(held.votes):
                controlled[holding.owner].add(holding.of)
    told = {frozenset(link.between) for link in look.ties.links if link.by == "person"}
    for person, names in sorted(controlled.items()):
        for one in sorted(names & look.linked):
            for other in sorted(names - look.linked):
                if frozenset((one, other)) not in told:
                    said.say(
                        gettext_noop(
                            "{name} controls {one} and {other}; no link says that they are in "
                            "the same or an adjacent market, so they are not counted together."
                        ),
                        person, one=one, other=other,
                    )  # fmt: skip

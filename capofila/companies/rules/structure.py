"""One look at the ties of one day from one enterprise: who is linked with whom, and who is exempt.

Source: Recommendation 2003/361/EC, Annex, Article 3. In words, with numbers: docs/rules/company-size.md
"""

from collections import defaultdict
from fractions import Fraction

from capofila.companies.rules.size import Thresholds
from capofila.companies.rules.ties import INVESTORS, Enterprise, Ties


class Structure:
    """`root`: enterprise -> one of those it is linked with; `members` and `linked` in alphabetical order."""

    def __init__(self, ties: Ties, subject: str, thresholds: Thresholds) -> None:
        self.ties = ties
        self.subject = subject
        self.thresholds = thresholds
        self.root = self._linked_together()
        self.members: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.root):
            self.members[self.root[name]].append(name)
        linked = self.members[self.root[subject]]
        self.linked = frozenset(linked)
        self.angels = self._angels_money()

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
            (owner, of) for owner, held in votes.items() for of, sum_ in held.items() if self.majority(sum_)
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
                if self.majority(votes[one][of]):
                    joined.append((one, of))
        return {name: root(name) for name in conducting}

    def majority(self, votes: Fraction) -> bool:
        return votes > self.thresholds.linked_above

    def _links(self, name: str) -> bool:
        """Whether enterprises may be linked through it: neither public bodies nor persons."""
        enterprise = self.ties.enterprises[name]
        return enterprise.kind != "person" and self.public_kind(enterprise) is not True

    def has_figures(self, name: str) -> bool:
        kind = self.ties.enterprises[name].kind
        return name == self.subject or kind not in ("person", "public-body", "local-authority")

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

    def exempt(self, owner: str, of: str) -> bool | None:
        """Whether what `owner` holds of `of`, in the group, adds nothing; None: not known."""
        if owner in self.linked:
            return False
        enterprise = self.ties.enterprises[owner]
        if enterprise.kind == "local-authority":
            public = self.public_kind(enterprise)
            return None if public is None else not public
        if enterprise.kind == "business-angel":
            invested, missing = self.angels[of]
            if invested >= self.thresholds.angels_below:
                return False
            return None if missing else True
        return enterprise.kind in INVESTORS

    def public_kind(self, enterprise: Enterprise) -> bool | None:
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

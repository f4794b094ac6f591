"""The group of an enterprise as a small graph, for a diagram: who is counted, and who holds what of whom."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from capofila.companies.rules.group import Group, Ties

Role = Literal["subject", "linked", "partner", "not counted"]


@dataclass(frozen=True)
class Node:
    name: str
    kind: str
    role: Role
    weight: Fraction  # part of one; 0 when not counted


@dataclass(frozen=True)
class Edge:
    """A holding (`share` in percent, the higher of capital and votes), or a link (None) and its way."""

    owner: str  # of a link, the first of the two names
    of: str
    share: Fraction | None
    by: str | None = None


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]  # the subject first, then by weight and name
    edges: tuple[Edge, ...]


def graph(ties: Ties, group: Group, day: date) -> Graph:
    """All that are counted, and those that hold something of them or are held by the linked ones."""
    now = ties.on(day)
    linked = set(group.linked)
    names = set(group.weights)
    for holding in now.holdings:
        if holding.of in group.weights:
            names.add(holding.owner)
        if holding.owner in linked:
            names.add(holding.of)
    for link in now.links:
        if not linked.isdisjoint(link.between):
            names.update(link.between)

    shares: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
    for holding in now.holdings:
        if {holding.owner, holding.of} <= names:
            capital, votes = shares.get((holding.owner, holding.of), (Fraction(0), Fraction(0)))
            shares[holding.owner, holding.of] = capital + holding.capital, votes + holding.votes
    edges = [Edge(owner, of, max(both)) for (owner, of), both in sorted(shares.items())]
    links = {(*sorted(link.between), link.by) for link in now.links if names.issuperset(link.between)}
    edges += [Edge(one, other, None, by) for one, other, by in sorted(links)]

    def node(name: str) -> Node:
        weight = group.weights.get(name, Fraction(0))
        role: Role = "partner" if weight else "not counted"
        if name in linked:
            role = "subject" if name == group.subject else "linked"
        return Node(name, ties.enterprises[name].kind, role, weight)

    nodes = sorted(map(node, names), key=lambda each: (each.role != "subject", -each.weight, each.name))
    return Graph(tuple(nodes), tuple(edges))

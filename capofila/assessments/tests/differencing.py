"""What can be derived from sums that were published: linear algebra with exact fractions, no shortcut.

A row is one published sum: how often it counts each company (by number). Somebody who adds, subtracts and
weighs such sums, and takes away what two accounts know, gets some combination of the rest; the question is
how few undertakings that can be about.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Row = frozenset[int]


def fewest(rows: Collection[Row], units: Mapping[int, int], known: Collection[int] = ()) -> int | None:
    """The smallest number of undertakings, below 7, that some combination of the sums is about.

    `known`: companies whose values are taken away. None: there is none below 7.
    """
    classes: dict[tuple[int, ...], set[int]] = defaultdict(set)
    listed = sorted(set(rows), key=sorted)
    for company in sorted({company for row in listed for company in row}):
        if company not in known:
            classes[tuple(int(company in row) for row in listed)].add(units[company])
    columns = list(classes)
    sizes = [len(classes[column]) for column in columns]
    for inside in _small(sizes, below=7):
        outside = [column for at, column in enumerate(columns) if at not in inside]
        kept = [columns[at] for at in inside]
        if _rank([*outside, *kept]) > _rank(outside):
            return sum(sizes[at] for at in inside)
    return None


def _small(sizes: Sequence[int], *, below: int) -> Iterable[tuple[int, ...]]:
    """Sets of classes that together have fewer undertakings than that, the smallest first."""
    few = [at for at, size in enumerate(sizes) if size < below]
    found = [
        chosen
        for count in range(1, below)
        for chosen in combinations(few, count)
        if sum(sizes[at] for at in chosen) < below
    ]
    return sorted(found, key=lambda chosen: sum(sizes[at] for at in chosen))


def _rank(columns: Sequence[Sequence[int]]) -> int:
    matrix = [[Fraction(value) for value in column] for column in columns]
    rank = 0
    for at in range(len(matrix[0]) if matrix else 0):
        pivot = next((row for row in range(rank, len(matrix)) if matrix[row][at]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        for row in range(rank + 1, len(matrix)):
            factor = matrix[row][at] / matrix[rank][at]
            if factor:
                matrix[row] = [
                    one - factor * other for one, other in zip(matrix[row], matrix[rank], strict=True)
                ]
        rank += 1
    return rank

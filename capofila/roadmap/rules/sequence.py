"""Tasks in an order, each put into the first quarter with room: what the quick plan tries again and again.

It keeps the limits as `schedule.Ledger` does, with tasks as their places in the frame and all that stays
the same worked out once: a try of a hundred tasks takes a fraction of a millisecond.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from capofila.roadmap.rules.schedule import Frame, Ledger
from capofila.roadmap.rules.shape import QUARTERS

PLENTY = 1 << 62  # cents and days where there is no limit


class Placer:
    """`worth`: for each quarter that a task starts earlier; `needed`: task -> quarter, of what must stand."""

    def __init__(self, found: Frame, worth: Mapping[str, int], needed: Mapping[str, int]) -> None:
        self.codes = list(found.tasks)
        place = {code: index for index, code in enumerate(self.codes)}
        self.worth = [worth[code] for code in self.codes]
        self.earliest = [found.earliest[code] for code in self.codes]
        self.latest = [found.latest[code] for code in self.codes]
        self.cents = [0 if found.released is None else task.cents for task in found.tasks.values()]
        self.days = [0 if found.days is None else task.days for task in found.tasks.values()]
        self.after = [
            [(place[before], found.tasks[before].quarters) for before in found.after[code]]
            for code in self.codes
        ]
        self.with_before: list[tuple[int, ...]] = []
        for index, before in enumerate(self.after):
            firsts = chain.from_iterable(self.with_before[other] for other, _ in before)
            self.with_before.append((*dict.fromkeys(firsts), index))
        self.needed = [needed.get(code, 0) for code in self.codes]
        self.needed_worth = sum(
            self.worth[index] * (QUARTERS + 1 - start) for index, start in enumerate(self.needed) if start
        )
        self.free_money, self.free_days = _free(found, Ledger(found, needed))

    def legal(self, order: Iterable[int]) -> list[int]:
        """The order, with prerequisites before what waits for them."""
        return list(dict.fromkeys(chain.from_iterable(map(self.with_before.__getitem__, order))))

    def placed(self, order: Iterable[int]) -> tuple[list[int], int]:
        """The quarter of each task, 0 where there is no room for it, and what they are worth together."""
        starts, money, days = [*self.needed], [*self.free_money], [*self.free_days]
        worth = self.needed_worth
        for index in order:
            if starts[index]:
                continue
            quarter = self.earliest[index]
            for before, quarters in self.after[index]:
                if not starts[before]:
                    break
                quarter = max(quarter, starts[before] + quarters)
            else:
                cents, taken, latest = self.cents[index], self.days[index], self.latest[index]
                while quarter <= latest and (days[quarter] < taken or money[quarter] < cents):
                    quarter += 1
                if quarter > latest:
                    continue
                starts[index] = quarter
                worth += self.worth[index] * (QUARTERS + 1 - quarter)
                days[quarter] -= taken
                if cents:
                    _spend(money, quarter, cents)
        return starts, worth

    def by_code(self, starts: Iterable[int]) -> dict[str, int]:
        return {code: start for code, start in zip(self.codes, starts, strict=True) if start}


def _free(found: Frame, taken: Ledger) -> tuple[list[int], list[int]]:
    """From quarter 1 on (place 0 stays unused): cents that no quarter from it on will miss, and days."""
    money, days = [PLENTY] * (QUARTERS + 2), [PLENTY] * (QUARTERS + 1)
    for quarter in range(QUARTERS, 0, -1):
        if found.released is not None:
            left = found.released[quarter - 1] - taken.spent[quarter - 1]
            money[quarter] = min(money[quarter + 1], left)
        if found.days is not None:
            days[quarter] = found.days - taken.days[quarter - 1]
    return money[: QUARTERS + 1], days


def _spend(money: list[int], quarter: int, cents: int) -> None:
    for later in range(quarter, QUARTERS + 1):
        money[later] -= cents
    left = money[quarter]
    while quarter > 1 and money[quarter - 1] > left:
        quarter -= 1
        money[quarter] = left

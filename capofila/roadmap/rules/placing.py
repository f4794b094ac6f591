"""Quarters for what is pinned or begun and for all that must be finished before it.

Everything else in a plan is optional, so this alone decides whether pins can hold.
"""

from capofila.roadmap.rules.schedule import Frame, Ledger, broken, needed_for_fixed

MOST_TRIES = 20_000  # far above what any library of ours needs; beyond, pins count as impossible


def placed(found: Frame) -> dict[str, int] | None:
    """Task -> quarter, the earliest found; None where there is no room within the limits."""
    return _Search(found).run()


class _Search:
    """Tries every quarter for every needed task, earliest first, and goes back where there is no room."""

    def __init__(self, found: Frame) -> None:
        self.frame = found
        self.chosen = dict(found.fixed)
        self.free = [code for code in needed_for_fixed(found) if code not in found.fixed]
        self.ledger = Ledger(found, found.fixed)
        self.tries = 0

    def run(self) -> dict[str, int] | None:
        if not self.place(0) or broken(self.frame, self.chosen):
            return None
        return self.chosen

    def place(self, index: int) -> bool:
        if index == len(self.free):
            return True
        code = self.free[index]
        task = self.frame.tasks[code]
        ends = [self.chosen[b] + self.frame.tasks[b].quarters for b in self.frame.after[code]]
        for quarter in range(max([self.frame.earliest[code], *ends]), self.frame.latest[code] + 1):
            self.tries += 1
            if self.tries > MOST_TRIES:
                return False
            if self.ledger.fits(task, quarter):
                self.chosen[code] = quarter
                self.ledger.put(task, quarter)
                if self.place(index + 1):
                    return True
                self.ledger.take(task, quarter)
                del self.chosen[code]
        return False

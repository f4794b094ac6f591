"""What an interrupted worker left behind in later rooms, which say here how to queue it again."""

from collections.abc import Callable

_LEFT: list[Callable[[], int]] = []


def when_a_worker_begins(queue_unfinished: Callable[[], int]) -> None:
    """Called once by a room, when it is ready."""
    _LEFT.append(queue_unfinished)


def queue_all() -> int:
    """Put all of it into the queue; how many."""
    return sum(queue_unfinished() for queue_unfinished in _LEFT)

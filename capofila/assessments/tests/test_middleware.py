import threading

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from capofila.assessments.middleware import OneSaveAtATime

SAVE = "/api/assessments/7/entries"


class Slow:
    """A view that waits until it is told to go on, and counts who is inside at once."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.entered = threading.Semaphore(0)
        self.inside = self.most = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.entered.release()
        assert self.go_on.wait(10)
        self.inside -= 1
        return HttpResponse()


def at_once(first: HttpRequest, second: HttpRequest) -> int:
    """How many of two requests are inside at most, when the second comes while the first goes on."""
    view = Slow()
    middleware = OneSaveAtATime(view)
    threads = [threading.Thread(target=middleware, args=[request]) for request in (first, second)]
    threads[0].start()
    assert view.entered.acquire(timeout=10)
    threads[1].start()
    view.entered.acquire(timeout=0.3)
    view.go_on.set()
    for thread in threads:
        thread.join()
    return view.most


def test_answers_are_saved_one_after_the_other() -> None:
    requests = RequestFactory()

    assert at_once(requests.post(SAVE), requests.post("/api/assessments/8/entries")) == 1


@pytest.mark.parametrize("path", [SAVE, "/api/assessments/7", "/assessments/7/areas/str/"])
def test_whoever_reads_waits_for_nobody_who_saves(path: str) -> None:
    requests = RequestFactory()

    assert at_once(requests.post(SAVE), requests.get(path)) == 2


def test_a_save_that_breaks_holds_nobody_up() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    middleware = OneSaveAtATime(broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            middleware(RequestFactory().post(SAVE))

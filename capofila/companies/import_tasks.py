"""What is done with a list outside the web process, step by step, so that no page waits for it.

The run's row says what is going on and how far it is; whoever looks needs nothing else. A worker that
was stopped leaves the row as it is, and the next one begins that step again: each writes all or nothing.
"""

from collections.abc import Callable, Sequence
from time import monotonic

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from capofila.accounts.models import User
from capofila.companies import import_entering, importing
from capofila.companies.models import ImportRun
from capofila.consortium import access
from capofila.consortium.models import Partner
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, Refused, gettext_noop

State = ImportRun.State
SECONDS_BETWEEN_WORDS = 0.5  # of progress: each is a write
BACK_TO = {State.LOOKING: State.REFUSED, State.ENTERING: State.CHECKED, State.UNDOING: State.DONE}


# Asked for by somebody


@transaction.atomic
def begin_to_look(
    data: bytes, file_name: str, *, partner: Partner | None, strict: bool, user: User
) -> ImportRun:
    """Keep the list, and have it looked at."""
    run = importing.begin(data, file_name, partner=partner, strict=strict, user=user, at=timezone.now())
    _enqueue(run, user)
    return run


def begin_to_enter(run: ImportRun, *, user: User) -> None:
    """Raises `ChangedSince` when it is not there to be entered."""
    _begin(run, State.ENTERING, importing.check_waits, user)


def begin_to_undo(run: ImportRun, *, user: User) -> None:
    """Raises `Problem` when it is not entered."""
    _begin(run, State.UNDOING, importing.check_is_entered, user)


@transaction.atomic
def _begin(run: ImportRun, state: str, check: Callable[[ImportRun], None], user: User) -> None:
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    check(held)
    if held.is_running or not held.is_findable:
        return  # it is on its way already
    held.state, held.problems, held.rows_done, held.rows_total = state, [], 0, 0
    held.save(update_fields=["state", "problems", "rows_done", "rows_total"])
    run.state = held.state
    _enqueue(held, user)


def _enqueue(run: ImportRun, user: User) -> None:
    go_on.enqueue(run.pk, user.pk)


def queue_unfinished() -> int:
    """Put into the queue what an interrupted worker left behind; how many."""
    left = ImportRun.objects.filter(state__in=ImportRun.IN_THE_BACKGROUND) | ImportRun.objects.filter(
        is_findable=False
    )
    found = [(run.pk, run.user_id) for run in left.only("pk", "user") if run.user_id is not None]
    for pk, user in found:
        go_on.enqueue(pk, user)
    return len(found)


# Done by the worker


@task()
def go_on(pk: int, user: int) -> None:
    """Do the next step of a run, for the person who asked; nothing where none waits."""
    run = ImportRun.objects.select_related("partner").filter(pk=pk).first()
    if run is None:
        return
    try:
        _step(run, User.objects.get(pk=user))
    except (Problem, Refused) as refused:
        problems = refused.problems if isinstance(refused, Refused) else (refused,)
        _back(pk, problems)
    except Exception:
        _back(pk, [_our_fault()])
        raise


def _our_fault() -> Problem:
    return Problem(
        "import.our-fault",
        gettext_noop("Something broke here, and nothing was changed. Try again later."),
    )


def _step(run: ImportRun, user: User) -> None:
    who, on, at = access.who(user), timezone.localdate(), timezone.now()
    by: Actor = access.actor(who)
    tell = Told(run)
    if run.state == State.LOOKING:
        importing.look_again(run, who=who, on=on, progress=tell)
    elif run.state == State.ENTERING:
        try:
            importing.enter(run, who=who, by=by, at=at, on=on, progress=tell)
        except import_entering.ChangedSince:
            importing.look_again(run, who=who, on=on)
            raise
    elif run.state == State.UNDOING:
        importing.undo(run, by=by)
    elif not run.is_findable:
        import_entering.make_findable(run, tell)


def _back(pk: int, problems: Sequence[Problem]) -> None:
    """To where it was before it was asked for, with the reason."""
    kept = [[problem.code, problem.sentence, problem.facts] for problem in problems]
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=pk)
        if run.is_running:
            run.state = BACK_TO[State(run.state)]
            run.data = b"" if run.state == State.REFUSED else run.data
        run.problems = kept
        run.save()


class Told:
    """Writes how far a run is, not more often than somebody can read."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.last = 0.0

    def __call__(self, done: int, of: int) -> None:
        if done in (0, of) or monotonic() - self.last > SECONDS_BETWEEN_WORDS:
            self.last = monotonic()
            ImportRun.objects.filter(pk=self.run.pk).update(rows_done=done, rows_total=of)

"""Enter a list of companies: look at it first, then enter all of it in one transaction, or take it back.

`begin` keeps a list; the rest is done by whoever waits for it (a command, a test) or in the background
(`import_tasks`), which is why each step starts from what the run itself keeps.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from capofila.accounts.models import User
from capofila.companies import import_undoing
from capofila.companies.import_entering import ChangedSince, Entering, changed_since, make_findable
from capofila.companies.import_looking import Progress, check_strict, counts, judge, silent, stored
from capofila.companies.models import ImportRun
from capofila.companies.rules.import_verdict import Verdict
from capofila.consortium.access import Who
from capofila.consortium.models import Partner
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop, refuse_if

State = ImportRun.State

# Look


def begin(
    data: bytes, file_name: str, *, partner: Partner | None, strict: bool, user: User, at: datetime
) -> ImportRun:
    """Keep a list that is to be looked at."""
    return ImportRun.objects.create(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        strict=strict,
        partner=partner,
        user=user,
        state=State.LOOKING,
        at=at,
    )


def look(
    data: bytes, file_name: str, *, who: Who, partner: Partner | None, strict: bool, user: User, at: datetime,
    on: date,
) -> ImportRun:  # fmt: skip
    """The dry run: nothing is entered; the file is kept until it is, or until it is dropped."""
    run = begin(data, file_name, partner=partner, strict=strict, user=user, at=at)
    look_again(run, who=who, on=on)
    return run


def look_again(run: ImportRun, *, who: Who, on: date, progress: Progress = silent) -> None:
    """Look at a list that waits, for the first time or after the registry changed.

    Raises `Problem` or `Refused` for a file that cannot be read as a list of companies.
    """
    if run.state not in (State.LOOKING, State.CHECKED, State.ENTERING):
        return
    verdicts = judge(bytes(run.data), run.file_name, who=who, partner=run.partner, on=on, progress=progress)
    found = {
        "verdicts": [stored(verdict) for verdict in verdicts], "state": State.CHECKED, **counts(verdicts),
    }  # fmt: skip
    if ImportRun.objects.filter(pk=run.pk, state=run.state).update(**found):  # else somebody was quicker
        for name, value in found.items():
            setattr(run, name, value)


# Enter


def check_waits(run: ImportRun) -> None:
    """Raises `ChangedSince` when the list is not there to be entered."""
    if run.state not in (State.CHECKED, State.ENTERING):
        raise ChangedSince(
            "import.not-waiting",
            gettext_noop("The list {name} is no longer waiting to be entered."),
            name=run.file_name,
        )


def enter(
    run: ImportRun, *, who: Who | None, by: Actor, at: datetime, on: date, progress: Progress = silent
) -> None:
    """Enter what the run found, all in one transaction. Raises `ChangedSince` when that is no longer so.

    The list is judged before the transaction begins, so that others wait as little as possible; what it
    changes is looked at again inside.
    """
    check_waits(run)
    verdicts = judge(bytes(run.data), run.file_name, who=who, partner=run.partner, on=on, progress=progress)
    if [stored(verdict) for verdict in verdicts] != run.verdicts:
        raise changed_since()
    if run.strict:
        check_strict(verdicts, run.file_name)
    _enter(run, verdicts, by=by, at=at, on=on, progress=progress)


def enter_at_once(
    data: bytes, file_name: str, *, partner: Partner | None, strict: bool, by: Actor, at: datetime, on: date,
    progress: Progress = silent,
) -> tuple[ImportRun | None, list[Verdict]]:  # fmt: skip
    """What the command does: judge and enter without a dry run between. None where nothing was to enter."""
    verdicts = judge(data, file_name, who=None, partner=partner, on=on)
    if strict:
        check_strict(verdicts, file_name)
    if not any(verdict.kind in ("new", "update") for verdict in verdicts):
        return None, verdicts
    run = ImportRun(
        file_name=file_name[-200:], sha256=hashlib.sha256(data).hexdigest(), strict=strict, partner=partner,
        user=by.user, at=at, **counts(verdicts),
    )  # fmt: skip
    _enter(run, verdicts, by=by, at=at, on=on, progress=progress)
    return run, verdicts


def _enter(
    run: ImportRun, verdicts: Sequence[Verdict], *, by: Actor, at: datetime, on: date, progress: Progress
) -> None:
    entering = Entering(run, verdicts, by=by, at=at, on=on)
    entering.prepare()
    kept = [stored(verdict, with_people=False) for verdict in verdicts]
    try:
        with transaction.atomic():
            is_kept = not run._state.adding
            if is_kept and ImportRun.objects.select_for_update().get(pk=run.pk).state != run.state:
                raise changed_since()
            run.state, run.data, run.verdicts, run.at = State.DONE, b"", kept, at
            run.is_findable = False
            run.save()
            entering.write()
            journal.record(
                "companies.imported", by=by, about=run, file=run.sha256,
                new=run.rows_new, updated=run.rows_update, duplicates=run.rows_duplicate,
                refused=run.rows_refused,
            )  # fmt: skip
    except IntegrityError:  # somebody entered the same company meanwhile
        raise changed_since() from None
    make_findable(run, progress)
    run.is_findable = True


def drop(run: ImportRun) -> None:
    """Forget a list that was looked at and not entered; one that is on its way stays."""
    forgotten = {"state": State.DROPPED, "data": b"", "verdicts": [], "problems": []}
    if ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(**forgotten):
        run.state = State.DROPPED


# Take back


def check_is_entered(run: ImportRun) -> None:
    """Raises `Problem` when there is nothing to take back."""
    if run.state not in (State.DONE, State.UNDOING):
        raise Problem("import.not-done", gettext_noop("The list {name} is not entered."), name=run.file_name)


@transaction.atomic
def undo(run: ImportRun, *, by: Actor) -> None:
    """Take back all that an import entered.

    Raises `Refused`, and takes back nothing, when something of it was changed or hangs on it.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    check_is_entered(run)
    rows = list(run.rows.select_related("company").order_by("-line"))
    refuse_if(import_undoing.in_the_way(run, rows))
    companies, updates = import_undoing.take_back(run, rows)
    run.state, run.is_findable = State.UNDONE, True
    run.save()
    journal.record("companies.import-undone", by=by, about=run, companies=companies, updates=updates)

"""Lists in the background: told how far they are, refused with the reason, gone on with after a stop."""

from typing import Any

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from capofila.accounts.models import User
from capofila.companies import actions, import_entering, import_tasks, importing
from capofila.companies.import_tasks import go_on
from capofila.companies.models import Company, ImportRun, SearchGram
from capofila.companies.tests.builders import NOON
from capofila.companies.tests.test_importing import ALICE, BY, data
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member, make_partner
from capofila.lib.problems import Problem
from capofila.lib.tests.refusals import refused_codes

pytestmark = pytest.mark.django_db


def begun(*rows: str, strict: bool = False) -> tuple[ImportRun, User]:
    member = make_member("Bob", Role.PARTNER_MANAGER, partner=make_partner())
    run = import_tasks.begin_to_look(
        data(*rows), "list.csv", partner=member.partner, strict=strict, user=member.user
    )
    return run, member.user


def work(run: ImportRun, user: User) -> ImportRun:
    go_on.call(run.pk, user.pk)
    return ImportRun.objects.get(pk=run.pk)


def entered(*rows: str) -> tuple[ImportRun, User]:
    run, user = begun(*rows)
    import_tasks.begin_to_enter(work(run, user), user=user)
    return work(run, user), user


def codes(run: ImportRun) -> list[str]:
    return [code for code, _, _ in run.problems]


def test_a_list_is_looked_at_entered_and_taken_back_step_by_step() -> None:
    run, user = begun(ALICE)
    assert run.state == "looking"

    looked_at = work(run, user)
    assert (looked_at.state, looked_at.rows_new, looked_at.rows_total) == ("checked", 1, 1)
    assert not Company.objects.exists()

    import_tasks.begin_to_enter(looked_at, user=user)
    done = work(run, user)
    assert (done.state, bytes(done.data), done.is_findable) == ("done", b"", True)
    assert SearchGram.objects.filter(company=Company.objects.get()).exists()

    import_tasks.begin_to_undo(done, user=user)
    assert work(run, user).state == "undone"
    assert not Company.objects.exists()


def test_a_file_that_is_no_list_is_refused_and_forgotten() -> None:
    run, user = begun("Alice")
    ImportRun.objects.update(data=b"colour\nred\n")

    refused = work(run, user)

    assert (refused.state, bytes(refused.data), codes(refused)) == ("refused", b"", ["import.unknown-column"])


def test_what_changed_since_it_was_looked_at_is_shown_anew_and_nothing_is_entered() -> None:
    run, user = begun(ALICE)
    import_tasks.begin_to_enter(work(run, user), user=user)
    importing.enter_at_once(
        data(ALICE), "other.csv", partner=None, strict=False, by=BY, at=NOON, on=NOON.date()
    )

    again = work(run, user)

    assert (again.state, codes(again), again.rows_new) == ("checked", ["import.changed-since"], 0)
    assert Company.objects.count() == 1


def test_what_cannot_be_taken_back_stays_entered_with_the_reasons() -> None:
    run, user = entered(ALICE)
    actions.declare(Company.objects.get(), "women-led", on=None, by=BY)

    import_tasks.begin_to_undo(run, user=user)
    kept = work(run, user)

    assert (kept.state, codes(kept)) == ("done", ["import.hangs-on"])


def test_something_broken_leaves_the_list_as_it_was_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    run, user = begun(ALICE)
    import_tasks.begin_to_enter(work(run, user), user=user)

    def broken(self: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(import_entering.Entering, "write", broken)
    with pytest.raises(ZeroDivisionError):
        go_on.call(run.pk, user.pk)

    left = ImportRun.objects.get(pk=run.pk)
    assert (left.state, codes(left)) == ("checked", ["import.our-fault"])
    assert not Company.objects.exists()


def test_asked_twice_it_is_done_once() -> None:
    run, user = begun(ALICE)
    looked_at = work(run, user)

    import_tasks.begin_to_enter(looked_at, user=user)
    import_tasks.begin_to_enter(looked_at, user=user)
    work(run, user)
    work(run, user)

    assert Company.objects.count() == 1
    assert refused_codes(lambda: import_tasks.begin_to_enter(run, user=user)) == ["import.not-waiting"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_stopped_leaves_nothing_undone() -> None:
    run, _user = begun(ALICE)
    DBTaskResult.objects.all().delete()  # it had taken the task, and is no more

    call_command("work", "--once")

    assert ImportRun.objects.get(pk=run.pk).state == "checked"


def test_companies_that_were_entered_and_not_yet_made_findable_are_found_in_the_end() -> None:
    run, user = entered(ALICE)
    SearchGram.objects.all().delete()
    ImportRun.objects.update(is_findable=False)

    assert import_tasks.queue_unfinished() == 1
    assert work(run, user).is_findable
    assert SearchGram.objects.exists()


def test_what_is_still_being_made_findable_is_not_taken_back() -> None:
    run, user = entered(ALICE)
    ImportRun.objects.update(is_findable=False)

    import_tasks.begin_to_undo(run, user=user)

    assert ImportRun.objects.get(pk=run.pk).state == "done"


def test_how_far_it_is_is_told_in_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_tasks, "SECONDS_BETWEEN_WORDS", 0)
    run, user = begun(*[f"Officina {number};;;;;;;;" for number in range(600)])
    told: list[tuple[int, int]] = []
    told_before = import_tasks.Told.__call__

    def telling(self: Any, done: int, of: int) -> None:
        told_before(self, done, of)
        now = ImportRun.objects.get(pk=run.pk)
        told.append((now.rows_done, now.rows_total))

    monkeypatch.setattr(import_tasks.Told, "__call__", telling)
    work(run, user)

    assert told == [(0, 600), (250, 600), (500, 600), (600, 600)]


def test_a_problem_keeps_code_sentence_and_facts() -> None:
    run, user = begun("Bob;1;;;;;;;", strict=True)
    looked_at = work(run, user)

    import_tasks.begin_to_enter(looked_at, user=user)
    refused = work(run, user)

    code, sentence, facts = refused.problems[0]
    assert (
        Problem(code, sentence, **facts).words()
        == "The VAT number 1 is not valid: its check digit does not fit."
    )
    assert refused.state == "checked"

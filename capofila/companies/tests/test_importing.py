"""A list entered whole or not at all, and taken back while nothing hangs on it."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from capofila.companies import actions, import_entering, importing, people, queries
from capofila.companies.models import (
    Company,
    Consent,
    Contact,
    ImportedRow,
    ImportRun,
    Note,
    SearchGram,
    Serving,
)
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium import access
from capofila.consortium.models import Partner, Role
from capofila.consortium.tests.builders import make_member, make_partner, who_is
from capofila.journal.actions import Actor
from capofila.journal.models import Entry
from capofila.lib.problems import Refused
from capofila.lib.tests.refusals import refused_codes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
ALICE_VAT, BOB_VAT = "09876540189", "00743110157"
BY = Actor(user=None, name="Irene", role="lead-administrator")
NOT_VALID = "The VAT number 1 is not valid: its check digit does not fit. [import.vat]"
HEAD = "name;vat;city;employees;contact_name;contact_email;consent_on;partner;notes"
ALICE = f"Vetreria Alice;{ALICE_VAT};Pavia;12;Anna;anna@alice.example;2026-01-31;Rete Artigiana;Met at a fair"


def data(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode("cp1252")


def entered(*rows: str, strict: bool = False) -> ImportRun | None:
    run, _ = importing.enter_at_once(
        data(*rows), "list.csv", partner=None, strict=strict, by=BY, at=NOON, on=TODAY
    )
    return run


def looked_at(*rows: str, strict: bool = False, role: str = Role.PARTNER_MANAGER) -> tuple[ImportRun, Any]:
    member = make_member("Bob", role, partner=make_partner())
    who = who_is(member)
    run = importing.look(
        data(*rows), "list.csv", who=who, partner=member.partner, strict=strict, user=member.user, at=NOON,
        on=TODAY,
    )  # fmt: skip
    return run, who


def enter(run: ImportRun, who: access.Who) -> None:
    importing.enter(run, who=who, by=access.actor(who), at=NOON, on=TODAY)


def test_a_new_company_comes_with_its_contact_consent_partner_and_note() -> None:
    partner = make_partner()

    run = entered(ALICE)

    company = Company.objects.get()
    contact = company.contacts.get()
    assert (company.name, company.city, company.employees) == ("Vetreria Alice", "Pavia", 12)
    assert (contact.email, contact.consents.get().given_on) == ("anna@alice.example", date(2026, 1, 31))
    assert company.servings.get().partner == partner
    assert company.notes.get().text == "Met at a fair"
    assert queries.ranked(None, "vetreria") == [company.pk]
    assert run is not None
    assert Entry.objects.get(event="companies.imported").facts == {
        "file": run.sha256, "new": 1, "updated": 0, "duplicates": 0, "refused": 0,
    }  # fmt: skip


def test_a_list_entered_twice_changes_nothing_the_second_time() -> None:
    make_partner()
    entered(ALICE)

    assert entered(ALICE) is None
    assert (Company.objects.count(), Contact.objects.count(), Note.objects.count()) == (1, 1, 1)


def test_an_update_changes_what_the_row_says_and_nothing_else() -> None:
    company = make_company(name="Vetreria Alice", vat=ALICE_VAT, employees=12, province="PV")

    entered(f"Vetreria Alice;{ALICE_VAT};Pavia;14;;;;;")

    company.refresh_from_db()
    assert (company.employees, company.city, company.province) == (14, "Pavia", "PV")
    assert queries.ranked(None, "pavia") == [company.pk]


def test_refused_rows_are_skipped_and_the_others_entered() -> None:
    run = entered("Gelateria Bob;1;;;;;;;", "Officina Carla;;;;;;;;")

    assert run is not None
    assert (run.rows_new, run.rows_refused) == (1, 1)
    assert [company.name for company in Company.objects.all()] == ["Officina Carla"]


def test_strict_enters_nothing_when_one_row_is_refused() -> None:
    assert refused_codes(
        lambda: entered("Gelateria Bob;1;;;;;;;", "Officina Carla;;;;;;;;", strict=True)
    ) == ["import.vat"]
    assert not Company.objects.exists()


def test_a_dry_run_enters_nothing_and_keeps_the_file_until_it_is_entered() -> None:
    run, who = looked_at(ALICE)

    assert (Company.objects.count(), run.rows_new, bytes(run.data)) == (0, 1, data(ALICE))

    enter(run, who)

    run.refresh_from_db()
    assert (Company.objects.count(), run.state, bytes(run.data)) == (1, "done", b"")
    assert "anna" not in json.dumps(run.verdicts).lower()


def test_what_changed_since_the_dry_run_is_looked_at_again() -> None:
    run, who = looked_at(f"Vetreria Alice;{ALICE_VAT};;;;;;;")
    make_company(name="Somebody else", vat=ALICE_VAT)

    with pytest.raises(import_entering.ChangedSince):
        enter(run, who)

    run.refresh_from_db()
    assert (Company.objects.count(), run.state) == (1, "checked")


def test_a_list_is_entered_once() -> None:
    run, who = looked_at(ALICE)
    enter(run, who)

    with pytest.raises(import_entering.ChangedSince):
        enter(run, who)


def test_a_dropped_list_leaves_nothing_of_its_file() -> None:
    run, _ = looked_at(ALICE)

    importing.drop(run)

    run.refresh_from_db()
    assert (run.state, bytes(run.data), run.verdicts) == ("dropped", b"", [])


def test_a_manager_changes_no_company_of_another_partner() -> None:
    other = Partner.objects.create(hub=make_partner().hub, name="Cluster Meccatronica", created_at=NOON)
    make_company(name="Vetreria Alice", vat=ALICE_VAT, employees=12)
    actions.serve(Company.objects.get(), other, on=TODAY, by=BY)

    run, _ = looked_at(f"Vetreria;{ALICE_VAT};;99;;;;;", "Officina Carla;;;;;;;Cluster Meccatronica;")

    assert [row["kind"] for row in run.verdicts] == ["refused", "refused"]
    assert "Alice" not in json.dumps(run.verdicts)


# Take back


def test_an_import_is_taken_back_whole() -> None:
    make_partner()
    company = make_company(name="Gelateria Bob", vat=BOB_VAT, employees=3)
    before = Company.objects.filter(pk=company.pk).values().get()
    run = entered(
        ALICE, f"Gelateria Bob;{BOB_VAT};Milano;4;Bruno;bruno@bob.example;2026-01-01;Rete Artigiana;Hm"
    )
    assert run is not None

    importing.undo(run, by=BY)

    assert Company.objects.filter(pk=company.pk).values().get() == before
    assert Company.objects.count() == 1
    for model in (Contact, Consent, Serving, Note):
        assert not model.objects.exists()
    assert set(SearchGram.objects.values_list("company", flat=True)) == {company.pk}
    assert ImportRun.objects.get().state == "undone"
    assert Entry.objects.last().event == "companies.import-undone"  # type: ignore[union-attr]


def hang_a_note(company: Company) -> None:
    actions.note(company, "Later", partner=make_partner(), author=None, by=BY, at=NOON)


def hang_a_consent(company: Company) -> None:
    people.withdraw_consent(company.contacts.get(), on=TODAY, by=BY)


def change_a_contact(company: Company) -> None:
    people.change_contact(company.contacts.get(), name="Anna", role="CEO", email="", phone="", by=BY)


def correct_a_fact(company: Company) -> None:
    actions.correct(company, {"employees": 13}, reason="counted again", by=BY, at=NOON)


def import_again(company: Company) -> None:
    entered(f"Vetreria Alice;{ALICE_VAT};;15;;;;;")


@pytest.mark.parametrize(
    "happens", [hang_a_note, hang_a_consent, change_a_contact, correct_a_fact, import_again]
)
def test_an_import_is_not_taken_back_once_something_hangs_on_it(happens: Any) -> None:
    make_partner()
    run = entered(ALICE, "Officina Carla;;;;;;;;")
    assert run is not None
    happens(Company.objects.get(vat=ALICE_VAT))

    with pytest.raises(Refused) as refused:
        importing.undo(run, by=BY)

    assert "Vetreria Alice" in str(refused.value)
    assert Company.objects.count() == 2
    assert ImportRun.objects.get(pk=run.pk).state == "done"


def test_an_import_is_taken_back_once() -> None:
    run = entered("Officina Carla;;;;;;;;")
    assert run is not None
    importing.undo(run, by=BY)

    assert refused_codes(lambda: importing.undo(run, by=BY)) == ["import.not-done"]
    assert ImportedRow.objects.get().company is None


# The command


def command(file: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        call_command("import_companies", str(file), *options)
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_partner()
    path = tmp_path / "list.csv"
    path.write_bytes(data(ALICE, "Gelateria Bob;1;;;;;;;", "VETRERIA ALICE;;Pavia;;;;;;"))
    return path


def test_the_command_says_a_verdict_for_each_row(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = command(file, "--dry-run", capsys=capsys)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2: Vetreria Alice: new",
        f"3: Gelateria Bob: refused because: {NOT_VALID}",
        "4: VETRERIA ALICE: duplicate of line 2, Vetreria Alice",
        "1 new, 0 update, 1 duplicate, 1 refused. Dry run: nothing was entered.",
    ]
    assert not Company.objects.exists()


def test_the_command_enters_what_is_accepted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = command(file, "--json", capsys=capsys)

    document = json.loads(out)
    assert (code, document["dry_run"], Company.objects.count()) == (0, False, 1)
    assert document["counts"] == {"new": 1, "update": 0, "duplicate": 1, "refused": 1}
    assert [row["verdict"] for row in document["rows"]] == ["new", "refused", "duplicate"]


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_the_command_refuses_all_for_one_when_strict(
    file: Path, dry: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = command(file, "--strict", *dry, capsys=capsys)

    assert (code, out) == (2, "")
    assert err.splitlines() == [f"{file}:3: {NOT_VALID}"]
    assert not Company.objects.exists()


def test_the_command_refuses_a_file_or_partner_that_is_not_there(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "none.csv", capsys=capsys)[0] == 2
    code, _, err = command(file, "--partner", "Rete Artigana", capsys=capsys)

    assert code == 2
    assert "did you mean Rete Artigiana? [import.no-such-partner]" in err


KILLED = """
import os, signal, sys
import django
django.setup()
from capofila.companies.import_entering import Entering
from capofila.__main__ import main
whole = Entering.write
def write(self):
    whole(self)
    print("written", flush=True)
    signal.pause()
Entering.write = write
main(["import_companies", sys.argv[1]])
"""


@pytest.mark.slow
def test_a_process_killed_while_it_enters_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "CAPOFILA_DATA": str(tmp_path / "killed"), "DJANGO_SETTINGS_MODULE": "capofila.settings",
    }  # fmt: skip
    (tmp_path / "killed").mkdir()
    path = tmp_path / "list.csv"
    path.write_bytes(data(*[f"Officina {number};;Pavia;;;;;;" for number in range(1200)]))

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True,
            timeout=120,
        )  # fmt: skip

    run("-m", "capofila", "migrate", "--verbosity", "0")
    entering = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert entering.stdout is not None
    with entering, entering.stdout:
        assert entering.stdout.readline() == "written\n"
        entering.send_signal(signal.SIGKILL)
        entering.wait(timeout=30)

    counted = run(
        "-c",
        "import django; django.setup(); from capofila.companies.models import *; "
        "print([model.objects.count() for model in (Company, SearchGram, ImportRun, ImportedRow)])",
    )
    again = run("-m", "capofila", "import_companies", str(path), "--json")

    assert counted.stdout.strip() == "[0, 0, 0, 0]"
    assert json.loads(again.stdout)["counts"]["new"] > 0

"""Enter a list of companies: look at it first, then enter all of it in one transaction, or take it back."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from capofila.accounts.models import User
from capofila.companies import import_file, indexing, queries, relations
from capofila.companies.models import (
    Company,
    Consent,
    Contact,
    ImportedRow,
    ImportRun,
    Likeness,
    Note,
    SearchGram,
    Serving,
)
from capofila.companies.rules import import_verdict
from capofila.companies.rules.import_row import FACTS, Person, Value
from capofila.companies.rules.import_verdict import KINDS, Existing, KnownPerson, Registry, Verdict
from capofila.consortium.access import Facts, Who, may
from capofila.consortium.models import Partner
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Place, Problem, gettext_noop, refuse_if

AT_ONCE = 500  # rows written together
PERSON = ("name", "role", "email", "phone")
QUOTES_PEOPLE = (
    "import.email", "import.phone", "import.day", "import.not-text", "import.too-long", "import.stray-cell",
)  # fmt: skip
Progress = Callable[[int, int], None]  # rows done, of how many


def silent(done: int, of: int) -> None:
    """For whoever does not wait."""


# Look


def judge(
    data: bytes, file_name: str, *, who: Who | None, partner: Partner | None, on: date
) -> list[Verdict]:
    """What would become of each row now. `who` None: whoever runs commands on the machine, who may all.

    Raises `Problem` or `Refused` for a file that cannot be read as a list of companies.
    """
    rows = import_file.read(data, file_name, today=on)
    return import_verdict.judge(rows, registry(who, partner, on))


def registry(who: Who | None, partner: Partner | None, on: date) -> Registry:
    """The registry as rows are judged against it."""
    partners = list(Partner.objects.order_by("name"))
    mine = [each for each in partners if who is None or may(who, "create", "import", _of_partner(each.pk))]
    return Registry(
        companies=_existing(who, on),
        partners={import_verdict.partner_key(each.name): each.pk for each in mine},
        partner_names={each.pk: each.name for each in partners},
        default_partner=None if partner is None else partner.pk,
        all_partners=frozenset(import_verdict.partner_key(each.name) for each in partners),
    )


def _of_partner(partner: int) -> Facts:
    return Facts(partner=partner)


def _existing(who: Who | None, on: date) -> list[Existing]:
    served = defaultdict(set)
    for company, partner in queries.serving(on).values_list("company", "partner"):
        served[company].add(partner)
    consents = dict(Consent.objects.filter(withdrawn_on__isnull=True).values_list("contact", "given_on"))
    people = defaultdict(list)
    contacts = Contact.objects.order_by("pk").values_list("company", "pk", "name", "role", "email", "phone")
    for company, pk, name, role, email, phone in contacts:
        people[company].append(KnownPerson(pk, name, role, email, phone, consents.get(pk)))
    notes = defaultdict(set)
    for company, partner, text in Note.objects.values_list("company", "partner", "text"):
        notes[company].add((partner, text))
    rows = Company.objects.filter(merged_into__isnull=True).order_by("pk").values_list("pk", *FACTS)
    return [
        Existing(
            id=pk,
            facts={name: value for name, value in zip(FACTS, facts, strict=True) if value not in (None, "")},
            partners=frozenset(served[pk]),
            people=tuple(people[pk]),
            notes=frozenset(notes[pk]),
            open=who is None
            or may(who, "change", "company", Facts(partners=frozenset(served[pk]), company=pk)),
        )
        for pk, *facts in rows
    ]


@transaction.atomic
def look(
    data: bytes, file_name: str, *, who: Who, partner: Partner | None, strict: bool, user: User, at: datetime,
    on: date,
) -> ImportRun:  # fmt: skip
    """The dry run: nothing is entered; the file is kept until it is, or until it is dropped."""
    verdicts = judge(data, file_name, who=who, partner=partner, on=on)
    return ImportRun.objects.create(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        strict=strict,
        partner=partner,
        user=user,
        verdicts=[stored(verdict) for verdict in verdicts],
        at=at,
        **_counts(verdicts),
    )


def _counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    counted = Counter(verdict.kind for verdict in verdicts)
    return {f"rows_{kind}": counted[kind] for kind in KINDS}


def stored(verdict: Verdict, *, with_people: bool = True) -> dict[str, Any]:
    """A verdict as it is kept with the run. Without people, neither contacts nor notes are in it."""
    changes = [
        [change.what, change.before, change.after]
        for change in verdict.changes
        if with_people or change.what in FACTS or change.what == "partner"
    ]
    problems = [*verdict.problems, *verdict.said.remarks]
    shown = [
        [problem.code, problem.sentence, problem.facts if with_people else _without_people(problem)]
        for problem in problems
    ]
    return {
        "line": verdict.said.line,
        "kind": verdict.kind,
        "name": verdict.said.name,
        "company": verdict.company,
        "company_name": verdict.company_name,
        "twin_line": verdict.twin_line,
        "changes": changes,
        "problems": shown,
    }


def _without_people(problem: Problem) -> dict[str, str]:
    """The facts of a refusal that does not quote what may speak of a person."""
    return {name: "–" if problem.code in QUOTES_PEOPLE else fact for name, fact in problem.facts.items()}


# Enter


class ChangedSince(Problem):
    """The registry is no longer as it was when the list was looked at."""

    status = 409


def _changed_since() -> ChangedSince:
    return ChangedSince(
        "import.changed-since",
        gettext_noop(
            "The registry has changed since the list was looked at. Nothing was entered: look again."
        ),
    )


def check_strict(verdicts: Sequence[Verdict], file_name: str) -> None:
    """Raises `Refused` with all that is wrong, each at its line, when a row is refused."""
    refuse_if(
        [
            Problem(
                problem.code, problem.sentence, at=Place(file_name, line=verdict.said.line), **problem.facts
            )
            for verdict in verdicts
            for problem in verdict.problems
        ]
    )


def enter(
    run: ImportRun, *, who: Who | None, by: Actor, at: datetime, on: date, progress: Progress = silent
) -> None:
    """Enter what the run found, all in one transaction. Raises `ChangedSince` when that is no longer so.

    The list is judged before the transaction begins, so that others wait as little as possible; what it
    changes is looked at again inside.
    """
    if run.state != ImportRun.State.CHECKED:
        raise ChangedSince(
            "import.not-waiting",
            gettext_noop("The list {name} is no longer waiting to be entered."),
            name=run.file_name,
        )
    verdicts = judge(bytes(run.data), run.file_name, who=who, partner=run.partner, on=on)
    if [stored(verdict) for verdict in verdicts] != run.verdicts:
        raise _changed_since()
    if run.strict:
        check_strict(verdicts, run.file_name)
    try:
        with transaction.atomic():
            _enter(run, verdicts, by=by, at=at, on=on, progress=progress)
    except IntegrityError:  # somebody entered the same company meanwhile
        raise _changed_since() from None


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
        user=by.user, at=at, **_counts(verdicts),
    )  # fmt: skip
    try:
        with transaction.atomic():
            _enter(run, verdicts, by=by, at=at, on=on, progress=progress)
    except IntegrityError:
        raise _changed_since() from None
    return run, verdicts


def _enter(
    run: ImportRun, verdicts: Sequence[Verdict], *, by: Actor, at: datetime, on: date, progress: Progress
) -> None:
    is_kept = not run._state.adding
    if is_kept and ImportRun.objects.select_for_update().get(pk=run.pk).state != run.state:
        raise _changed_since()
    run.state, run.data = ImportRun.State.DONE, b""
    run.verdicts = [stored(verdict, with_people=False) for verdict in verdicts]
    run.at = at
    run.save()
    _Entering(run, verdicts, by=by, at=at, on=on, progress=progress).enter()
    journal.record(
        "companies.imported", by=by, about=run, file=run.sha256,
        new=run.rows_new, updated=run.rows_update, duplicates=run.rows_duplicate, refused=run.rows_refused,
    )  # fmt: skip


class _Entering:
    """Writes rows together, so that ten thousand take seconds."""

    def __init__(
        self, run: ImportRun, verdicts: Sequence[Verdict], *, by: Actor, at: datetime, on: date,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.run = run
        self.new = [verdict for verdict in verdicts if verdict.kind == "new"]
        self.updates = [verdict for verdict in verdicts if verdict.kind == "update"]
        self.by, self.at, self.on, self.progress = by, at, on, progress
        self.total = len(self.new) + len(self.updates)
        self.done = 0
        self.rows: dict[int, ImportedRow] = {}

    def enter(self) -> None:
        companies: list[Company] = []
        for place in range(0, len(self.new), AT_ONCE):
            part = self.new[place : place + AT_ONCE]
            made = Company.objects.bulk_create([self._company(verdict) for verdict in part])
            for verdict, company in zip(part, made, strict=True):
                self._row(verdict, company, is_new=True).done["facts"] = _facts_of(company)
            self._beside(part, made)
            indexing.index(made, new=True)
            companies += made
            self._count(len(part))
        for place in range(0, len(self.updates), AT_ONCE):
            part = self.updates[place : place + AT_ONCE]
            changed = [self._update(verdict) for verdict in part]
            self._beside(part, changed)
            indexing.index(changed)
            companies += changed
            self._count(len(part))
        indexing.compare(companies)
        ImportedRow.objects.bulk_create(self.rows.values(), batch_size=AT_ONCE)

    def _count(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.total)

    def _company(self, verdict: Verdict) -> Company:
        facts: dict[str, Any] = dict(verdict.said.facts)
        company = Company(**facts, created_at=self.at)
        indexing.derive(company)
        return company

    def _row(self, verdict: Verdict, company: Company, *, is_new: bool) -> ImportedRow:
        row = ImportedRow(run=self.run, line=verdict.said.line, company=company, is_new=is_new, done={})
        self.rows[verdict.said.line] = row
        return row

    def _update(self, verdict: Verdict) -> Company:
        assert verdict.company is not None
        company = Company.objects.select_for_update().get(pk=verdict.company)
        row = self._row(verdict, company, is_new=False)
        row.done["before"], row.done["after"] = {}, {}
        for change in verdict.changes:
            if change.what in FACTS:
                now = getattr(company, change.what)
                if company.merged_into_id is not None or _written(now) != change.before:
                    raise _changed_since()
                row.done["before"][change.what] = now
                setattr(company, change.what, verdict.said.facts[change.what])
                row.done["after"][change.what] = verdict.said.facts[change.what]
        indexing.derive(company)
        company.save()
        return company

    def _beside(self, verdicts: Sequence[Verdict], companies: Sequence[Company]) -> None:
        """Contacts, consents, who serves, notes."""
        contacts: list[tuple[Verdict, Contact]] = []
        servings: list[tuple[Verdict, Serving]] = []
        notes: list[tuple[Verdict, Note]] = []
        for verdict, company in zip(verdicts, companies, strict=True):
            said, changed = verdict.said, {change.what for change in verdict.changes}
            is_new = verdict.kind == "new"
            if said.person is not None and (is_new or "contact" in changed):
                contacts.append((verdict, _contact(company, said.person)))
            elif said.person is not None and verdict.person is not None:
                self._known_person(verdict, said.person, changed)
            if verdict.partner is not None and (is_new or "partner" in changed):
                serving = Serving(company=company, partner_id=verdict.partner, since=self.on)
                servings.append((verdict, serving))
            if said.note and verdict.partner is not None and (is_new or "note" in changed):
                notes.append((verdict, self._note(company, verdict.partner, said.note)))
        self._keep("servings", Serving, servings)
        self._keep("notes", Note, notes)
        self._keep("contacts", Contact, contacts)
        for verdict, contact in contacts:
            facts = {name: getattr(contact, name) for name in PERSON}
            self.rows[verdict.said.line].done["people"] = {str(contact.pk): facts}
        consents = [
            (verdict, Consent(contact=contact, given_on=verdict.said.person.consent_on))
            for verdict, contact in contacts
            if verdict.said.person is not None and verdict.said.person.consent_on is not None
        ]
        self._keep("consents", Consent, consents)

    def _note(self, company: Company, partner: int, text: str) -> Note:
        return Note(
            company=company, partner_id=partner, author=self.by.user, author_name=self.by.name, text=text,
            at=self.at,
        )  # fmt: skip

    def _keep(self, what: str, model: type[Any], rows: Sequence[tuple[Verdict, Any]]) -> None:
        for (verdict, _), made in zip(rows, model.objects.bulk_create([row for _, row in rows]), strict=True):
            self.rows[verdict.said.line].done.setdefault(what, []).append(made.pk)

    def _known_person(self, verdict: Verdict, said: Person, changed: set[str]) -> None:
        assert verdict.person is not None
        contact = Contact.objects.get(pk=verdict.person)
        done = self.rows[verdict.said.line].done
        pairs = [(name, getattr(said, name)) for name in PERSON]
        pairs = [(name, value) for name, value in pairs if f"contact.{name}" in changed]
        if pairs:
            before = {name: getattr(contact, name) for name, _ in pairs}
            done["contact"] = {"id": contact.pk, "before": before, "after": dict(pairs)}
            for name, value in pairs:
                setattr(contact, name, value)
            contact.save()
        if "consent" in changed and said.consent_on is not None:
            held = contact.consents.filter(withdrawn_on__isnull=True).first()
            if held is None:
                consent = contact.consents.create(given_on=said.consent_on)
                done.setdefault("consents", []).append(consent.pk)
            else:
                done["consent"] = {
                    "id": held.pk, "before": str(held.given_on), "after": str(said.consent_on),
                }  # fmt: skip
                held.given_on = said.consent_on
                held.save()


def _contact(company: Company, said: Person) -> Contact:
    return Contact(company=company, name=said.name, role=said.role, email=said.email, phone=said.phone)


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _facts_of(company: Company) -> dict[str, Value | None]:
    return {name: getattr(company, name) for name in FACTS}


@transaction.atomic
def look_again(run: ImportRun, *, who: Who, on: date) -> None:
    """The dry run once more, of a list that still waits, after the registry changed."""
    if run.state == ImportRun.State.CHECKED:
        verdicts = judge(bytes(run.data), run.file_name, who=who, partner=run.partner, on=on)
        run.verdicts = [stored(verdict) for verdict in verdicts]
        for name, count in _counts(verdicts).items():
            setattr(run, name, count)
        run.save()


@transaction.atomic
def drop(run: ImportRun) -> None:
    """Forget a list that was looked at and not entered."""
    if run.state == ImportRun.State.CHECKED:
        run.state, run.data, run.verdicts = ImportRun.State.DROPPED, b"", []
        run.save()


# Take back


@transaction.atomic
def undo(run: ImportRun, *, by: Actor) -> None:
    """Take back all that an import entered.

    Raises `Refused`, and takes back nothing, when something of it was changed or hangs on it.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.DONE:
        raise Problem("import.not-done", gettext_noop("The list {name} is not entered."), name=run.file_name)
    rows = list(run.rows.select_related("company").order_by("-line"))
    refuse_if([problem for row in rows for problem in _in_the_way(row)])
    changed: list[Company] = []
    for row in rows:
        _take_back(row)
        if row.company is not None and not row.is_new:
            changed.append(row.company)
    new = [row.company.pk for row in rows if row.is_new and row.company is not None]
    run.rows.update(company=None, done={})
    for place in range(0, len(new), AT_ONCE):
        Company.objects.filter(pk__in=new[place : place + AT_ONCE]).delete()
    indexing.index(changed)
    indexing.compare(changed)
    run.state = ImportRun.State.UNDONE
    run.save()
    journal.record("companies.import-undone", by=by, about=run, companies=len(new), updates=len(changed))


def _in_the_way(row: ImportedRow) -> list[Problem]:
    """Why a row cannot be taken back."""
    if row.company is None:
        return []
    company, done = row.company, row.done
    expected = done["facts"] if row.is_new else done["after"]
    if company.merged_into_id is not None or not (_stands(company, expected) and _people_stand(done)):
        return [
            Problem(
                "import.changed-after",
                gettext_noop("{name} was changed after the list was entered; nothing was taken back."),
                name=company.name,
            )
        ]
    if not _hanging_on_contacts(done) and not (row.is_new and _hanging(company, done, row.run_id)):
        return []
    return [
        Problem(
            "import.hangs-on",
            gettext_noop("Something hangs on {name} by now; nothing was taken back."),
            name=company.name,
        )
    ]


def _stands(row: Model, facts: Mapping[str, Any]) -> bool:
    return all(_written(getattr(row, name)) == _written(value) for name, value in facts.items())


def _people_stand(done: Mapping[str, Any]) -> bool:
    """Whether contacts and consents are as the import left them."""
    for pk, facts in done.get("people", {}).items():
        contact = Contact.objects.filter(pk=int(pk)).first()
        if contact is None or not _stands(contact, facts):
            return False
    if "contact" in done and not Contact.objects.filter(pk=done["contact"]["id"], **done["contact"]["after"]):
        return False
    if "consent" in done:
        held = Consent.objects.filter(pk=done["consent"]["id"], given_on=done["consent"]["after"])
        if not held.filter(withdrawn_on__isnull=True).exists():
            return False
    given = done.get("consents", [])
    return Consent.objects.filter(pk__in=given, withdrawn_on__isnull=True).count() == len(given)


OURS: Mapping[type[Model], str] = {
    Contact: "contacts",
    Serving: "servings",
    Note: "notes",
    Consent: "consents",
}


def _hanging(company: Company, done: Mapping[str, Any], run: int) -> bool:
    """Whether any row of any room points to the company, but those the import entered with it."""
    for field in relations.pointing_to(Company):
        if field.model in (SearchGram, Likeness):
            continue
        rows = field.model._base_manager.filter(**{field.name: company})
        if field.model is ImportedRow:
            rows = rows.exclude(run=run)
        elif field.model in OURS:
            rows = rows.exclude(pk__in=done.get(OURS[field.model], []))
        if rows.exists():
            return True
    return False


def _hanging_on_contacts(done: Mapping[str, Any]) -> bool:
    """Whether any row points to a contact that the import entered, or one of them may sign in."""
    contacts = done.get("contacts", [])
    if not contacts:
        return False
    for field in relations.pointing_to(Contact):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": contacts})
        if field.model in OURS:
            rows = rows.exclude(pk__in=done.get(OURS[field.model], []))
        if rows.exists():
            return True
    return Contact.objects.filter(pk__in=contacts, user__isnull=False).exists()


def _take_back(row: ImportedRow) -> None:
    company, done = row.company, row.done
    if company is None:
        return
    for model, what in reversed(list(OURS.items())):
        model._base_manager.filter(pk__in=done.get(what, [])).delete()
    if "contact" in done:
        Contact.objects.filter(pk=done["contact"]["id"], **done["contact"]["after"]).update(
            **done["contact"]["before"]
        )
    if "consent" in done:
        held = Consent.objects.filter(pk=done["consent"]["id"], given_on=done["consent"]["after"])
        held.update(given_on=done["consent"]["before"])
    if not row.is_new:
        for name, value in done["before"].items():
            setattr(company, name, value)
        indexing.derive(company)
        company.save()

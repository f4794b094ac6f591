"""Write the accepted rows of a list: everything is prepared before, then written in one transaction.

On SQLite nobody else writes while that transaction lasts: hence nothing is computed in it that could be
before, and the pieces by which companies are found are added after it, a few companies at a time.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from capofila.companies import indexing
from capofila.companies.import_looking import Progress
from capofila.companies.models import Company, Consent, Contact, ImportedRow, ImportRun, Note, Serving
from capofila.companies.rules.import_row import FACTS, Person, Value
from capofila.companies.rules.import_verdict import Verdict
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop

AT_ONCE = 500  # rows written together
PERSON = ("name", "role", "email", "phone")


class ChangedSince(Problem):
    """The registry is no longer as it was when the list was looked at."""

    status = 409


def changed_since() -> ChangedSince:
    return ChangedSince(
        "import.changed-since",
        gettext_noop(
            "The registry has changed since the list was looked at. Nothing was entered: look again."
        ),
    )


def written(value: object) -> str:
    return "" if value is None else str(value)


class Entering:
    """`prepare` outside the transaction, `write` in it, `make_findable` after it."""

    def __init__(
        self, run: ImportRun, verdicts: Sequence[Verdict], *, by: Actor, at: datetime, on: date
    ) -> None:
        self.run = run
        self.new = [verdict for verdict in verdicts if verdict.kind == "new"]
        self.updates = [verdict for verdict in verdicts if verdict.kind == "update"]
        self.by, self.at, self.on = by, at, on
        self.made: list[Company] = []
        self.rows: dict[int, ImportedRow] = {}

    def prepare(self) -> None:
        """What can be computed without the lock."""
        for verdict in self.new:
            facts: dict[str, Any] = dict(verdict.said.facts)
            company = Company(**facts, created_at=self.at)
            indexing.derive(company)
            self.made.append(company)

    def write(self) -> None:
        """Raises `ChangedSince`, or the database's own refusal, when the registry has changed meanwhile."""
        made = Company.objects.bulk_create(self.made, batch_size=AT_ONCE)
        for verdict, company in zip(self.new, made, strict=True):
            facts = {name: getattr(company, name) for name in FACTS}
            self._row(verdict, company, is_new=True).done["facts"] = facts
        changed = self._update()
        self._beside([*self.new, *self.updates], [*made, *changed])
        ImportedRow.objects.bulk_create(self.rows.values(), batch_size=AT_ONCE)

    def _row(self, verdict: Verdict, company: Company, *, is_new: bool) -> ImportedRow:
        row = ImportedRow(run=self.run, line=verdict.said.line, company=company, is_new=is_new, done={})
        self.rows[verdict.said.line] = row
        return row

    def _update(self) -> list[Company]:
        wanted = [verdict.company for verdict in self.updates if verdict.company is not None]
        held = Company.objects.select_for_update().in_bulk(wanted)
        changed = []
        for verdict in self.updates:
            company = held.get(verdict.company or 0)
            if company is None or company.merged_into_id is not None:
                raise changed_since()
            self._row(verdict, company, is_new=False).done.update(_changed(company, verdict))
            indexing.derive(company)
            changed.append(company)
        Company.objects.bulk_update(changed, [*FACTS, *indexing.DERIVED], batch_size=AT_ONCE)
        return changed

    # Contacts, consents, who serves, notes

    def _beside(self, verdicts: Sequence[Verdict], companies: Sequence[Company]) -> None:
        contacts: list[tuple[Verdict, Contact]] = []
        servings: list[tuple[Verdict, Serving]] = []
        notes: list[tuple[Verdict, Note]] = []
        known: list[tuple[Verdict, Person, set[str]]] = []
        for verdict, company in zip(verdicts, companies, strict=True):
            said, changed = verdict.said, {change.what for change in verdict.changes}
            is_new = verdict.kind == "new"
            if said.person is not None and (is_new or "contact" in changed):
                contacts.append((verdict, _contact(company, said.person)))
            elif said.person is not None and verdict.person is not None:
                known.append((verdict, said.person, changed))
            if verdict.partner is not None and (is_new or "partner" in changed):
                serving = Serving(company=company, partner_id=verdict.partner, since=self.on)
                servings.append((verdict, serving))
            if said.note and verdict.partner is not None and (is_new or "note" in changed):
                notes.append((verdict, self._note(company, verdict.partner, said.note)))
        self._known_people(known)
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
        made = model.objects.bulk_create([row for _, row in rows], batch_size=AT_ONCE)
        for (verdict, _), row in zip(rows, made, strict=True):
            self.rows[verdict.said.line].done.setdefault(what, []).append(row.pk)

    def _known_people(self, rows: Sequence[tuple[Verdict, Person, set[str]]]) -> None:
        """Contacts that were there already: what the rows say otherwise of them, and of their consent."""
        ids = [verdict.person for verdict, _, _ in rows if verdict.person is not None]
        people = Contact.objects.in_bulk(ids)
        held = {
            consent.contact_id: consent
            for place in range(0, len(ids), AT_ONCE)
            for consent in Consent.objects.filter(
                contact__in=ids[place : place + AT_ONCE], withdrawn_on__isnull=True
            )
        }
        given: list[tuple[Verdict, Consent]] = []
        for verdict, said, changed in rows:
            contact = people.get(verdict.person or 0)
            if contact is None:
                raise changed_since()
            done = self.rows[verdict.said.line].done
            _change_person(contact, said, changed, done)
            if "consent" in changed and said.consent_on is not None:
                consent = held.get(contact.pk)
                if consent is None:
                    given.append((verdict, Consent(contact=contact, given_on=said.consent_on)))
                else:
                    days = {"before": str(consent.given_on), "after": str(said.consent_on)}
                    done["consent"] = {"id": consent.pk, **days}
                    consent.given_on = said.consent_on
        Contact.objects.bulk_update(people.values(), PERSON, batch_size=AT_ONCE)
        Consent.objects.bulk_update(held.values(), ["given_on"], batch_size=AT_ONCE)
        self._keep("consents", Consent, given)


def _changed(company: Company, verdict: Verdict) -> Mapping[str, dict[str, Value | None]]:
    """Change the facts of a company as the row says; what they were, and are."""
    before, after = {}, {}
    for change in verdict.changes:
        if change.what not in FACTS:
            continue
        now = getattr(company, change.what)
        if written(now) != change.before:
            raise changed_since()
        before[change.what], after[change.what] = now, verdict.said.facts[change.what]
        setattr(company, change.what, after[change.what])
    return {"before": before, "after": after}


def _change_person(contact: Contact, said: Person, changed: set[str], done: dict[str, Any]) -> None:
    pairs = {name: getattr(said, name) for name in PERSON if f"contact.{name}" in changed}
    if pairs:
        before = {name: getattr(contact, name) for name in pairs}
        done["contact"] = {"id": contact.pk, "before": before, "after": pairs}
        for name, value in pairs.items():
            setattr(contact, name, value)


def _contact(company: Company, said: Person) -> Contact:
    return Contact(company=company, name=said.name, role=said.role, email=said.email, phone=said.phone)


def make_findable(run: ImportRun, progress: Progress) -> None:
    """Add the pieces by which what the run entered is found by typing; doing so twice does no harm."""
    entered = Company.objects.filter(
        pk__in=run.rows.exclude(company=None).values("company"), merged_into=None
    ).order_by("pk")
    companies = list(entered)
    for place in range(0, len(companies), AT_ONCE):
        indexing.index(companies[place : place + AT_ONCE])
        progress(min(place + AT_ONCE, len(companies)), len(companies))
    indexing.compare(companies)
    ImportRun.objects.filter(pk=run.pk).update(is_findable=True)

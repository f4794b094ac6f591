"""Take back what a list entered, as long as all of it is as it was left and nothing else hangs on it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from capofila.companies import indexing, relations
from capofila.companies.import_entering import AT_ONCE, PERSON, written
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
from capofila.companies.rules.import_row import FACTS
from capofila.lib.problems import Problem, gettext_noop

Done = Mapping[str, Any]  # of an `ImportedRow`
Item = TypeVar("Item")
# What rows enter beside a company -> under what name its ids are kept.
OURS: Mapping[type[Model], str] = {
    Contact: "contacts",
    Serving: "servings",
    Note: "notes",
    Consent: "consents",
}


def in_the_way(run: ImportRun, rows: Sequence[ImportedRow]) -> list[Problem]:
    """Why it cannot be taken back; one for each company that was changed or that something hangs on."""
    standing = [row for row in rows if row.company is not None]
    changed = _changed(standing)
    hanging = _hanging(run, standing)
    found = []
    for row in standing:
        assert row.company is not None
        name = row.company.name
        if row.pk in changed:
            found.append(
                Problem(
                    "import.changed-after",
                    gettext_noop("{name} was changed after the list was entered; nothing was taken back."),
                    name=name,
                )
            )
        elif row.pk in hanging:
            found.append(
                Problem(
                    "import.hangs-on",
                    gettext_noop("Something hangs on {name} by now; nothing was taken back."),
                    name=name,
                )
            )
    return found


def take_back(run: ImportRun, rows: Sequence[ImportedRow]) -> tuple[int, int]:
    """How many companies were taken out of the registry, and how many put back as they were."""
    _put_people_back(rows)
    for model, what in reversed(list(OURS.items())):
        for part in _parts(_kept(rows, what)):
            model._base_manager.filter(pk__in=part).delete()
    new = [row.company for row in rows if row.is_new and row.company is not None]
    updated = [row.company for row in rows if not row.is_new and row.company is not None]
    for row in rows:
        if not row.is_new and row.company is not None:
            for name, value in row.done["before"].items():
                setattr(row.company, name, value)
            indexing.derive(row.company)
    run.rows.update(company=None, done={})
    for part in _parts([company.pk for company in new]):
        SearchGram.objects.filter(company__in=part).delete()
        Company.objects.filter(pk__in=part).delete()
    Company.objects.bulk_update(updated, [*FACTS, *indexing.DERIVED], batch_size=AT_ONCE)
    indexing.index(updated)
    indexing.compare(updated)
    return len(new), len(updated)


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[place : place + AT_ONCE] for place in range(0, len(items), AT_ONCE))


def _kept(rows: Iterable[ImportedRow], what: str) -> list[int]:
    return [pk for row in rows for pk in row.done.get(what, [])]


# Is all as it was left?


def _changed(rows: Sequence[ImportedRow]) -> set[int]:
    """The rows whose company, contacts or consents somebody changed since."""
    people = _by_id(Contact, [*_kept(rows, "contacts"), *_named(rows, "contact")])
    consents = _by_id(Consent, [*_kept(rows, "consents"), *_named(rows, "consent")])
    found = set()
    for row in rows:
        company, done = row.company, row.done
        assert company is not None
        expected = done["facts"] if row.is_new else done["after"]
        if (
            company.merged_into_id is not None
            or not _stands(company, expected)
            or not _people_stand(done, people)
            or not _consents_stand(done, consents)
        ):
            found.add(row.pk)
    return found


def _named(rows: Iterable[ImportedRow], what: str) -> list[int]:
    return [row.done[what]["id"] for row in rows if what in row.done]


def _by_id(model: type[Model], ids: Sequence[int]) -> dict[int, Any]:
    return {row.pk: row for part in _parts(ids) for row in model._base_manager.filter(pk__in=part)}


def _stands(row: Model | None, facts: Mapping[str, Any]) -> bool:
    return row is not None and all(
        written(getattr(row, name)) == written(value) for name, value in facts.items()
    )


def _people_stand(done: Done, people: Mapping[int, Contact]) -> bool:
    entered = all(_stands(people.get(int(pk)), facts) for pk, facts in done.get("people", {}).items())
    changed = done.get("contact")
    return entered and (changed is None or _stands(people.get(changed["id"]), changed["after"]))


def _consents_stand(done: Done, consents: Mapping[int, Consent]) -> bool:
    given = [consents.get(pk) for pk in done.get("consents", [])]
    moved = done.get("consent")
    if moved is not None:
        held = consents.get(moved["id"])
        given.append(held if held is not None and str(held.given_on) == moved["after"] else None)
    return all(consent is not None and consent.withdrawn_on is None for consent in given)


# Does anything else hang on it?


def _hanging(run: ImportRun, rows: Sequence[ImportedRow]) -> set[int]:
    """The rows to whose new company or contacts any row of any room points, but those entered with it."""
    ours = {model: set(_kept(rows, what)) for model, what in OURS.items()}
    companies = {row.company_id: row.pk for row in rows if row.is_new and row.company_id is not None}
    contacts = {pk: row.pk for row in rows for pk in row.done.get("contacts", [])}
    found = {companies[pk] for pk in _pointed_to(Company, list(companies), run, ours)}
    found |= {contacts[pk] for pk in _pointed_to(Contact, list(contacts), run, ours)}
    for part in _parts(list(contacts)):
        signing_in = Contact.objects.filter(pk__in=part, user__isnull=False)
        found |= {contacts[pk] for pk in signing_in.values_list("pk", flat=True)}
    return found


def _pointed_to(
    model: type[Model], ids: Sequence[int], run: ImportRun, ours: Mapping[type[Model], Collection[int]]
) -> Iterator[int]:
    for field in relations.pointing_to(model):
        if field.model in (SearchGram, Likeness):
            continue
        for part in _parts(ids):
            rows = field.model._base_manager.filter(**{f"{field.name}__in": part})
            if field.model is ImportedRow:
                rows = rows.exclude(run=run)
            for pk, of in rows.values_list("pk", field.attname):
                if pk not in ours.get(field.model, ()):
                    yield of


# People who were there before


def _put_people_back(rows: Iterable[ImportedRow]) -> None:
    people = _by_id(Contact, _named(rows, "contact"))
    consents = _by_id(Consent, _named(rows, "consent"))
    for row in rows:
        if "contact" in row.done:
            for name, value in row.done["contact"]["before"].items():
                setattr(people[row.done["contact"]["id"]], name, value)
        if "consent" in row.done:
            consents[row.done["consent"]["id"]].given_on = row.done["consent"]["before"]
    Contact.objects.bulk_update(people.values(), PERSON, batch_size=AT_ONCE)
    Consent.objects.bulk_update(consents.values(), ["given_on"], batch_size=AT_ONCE)

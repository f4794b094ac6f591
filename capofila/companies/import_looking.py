"""What would become of each row of a list of companies, judged against the registry as it is now."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from capofila.companies import import_file, queries
from capofila.companies.models import Company, Consent, Contact, Note
from capofila.companies.rules import import_verdict
from capofila.companies.rules.import_row import FACTS
from capofila.companies.rules.import_verdict import KINDS, Existing, Judge, KnownPerson, Registry, Verdict
from capofila.consortium.access import Facts, Who, may
from capofila.consortium.models import Partner
from capofila.lib.problems import Place, Problem, refuse_if

AT_ONCE = 250  # rows between two words of progress
QUOTES_PEOPLE = (
    "import.email", "import.phone", "import.day", "import.not-text", "import.too-long", "import.stray-cell",
)  # fmt: skip
Progress = Callable[[int, int], None]  # rows done, of how many


def silent(done: int, of: int) -> None:
    """For whoever does not wait."""


def judge(
    data: bytes, file_name: str, *, who: Who | None, partner: Partner | None, on: date,
    progress: Progress = silent,
) -> list[Verdict]:  # fmt: skip
    """What would become of each row now. `who` None: whoever runs commands on the machine, who may all.

    Raises `Problem` or `Refused` for a file that cannot be read as a list of companies.
    """
    rows = import_file.read(data, file_name, today=on)
    progress(0, len(rows))
    judge = Judge(registry(who, partner, on))
    found = []
    for number, said in enumerate(rows, start=1):
        found.append(judge.judge(said))
        if number % AT_ONCE == 0 or number == len(rows):
            progress(number, len(rows))
    return found


def registry(who: Who | None, partner: Partner | None, on: date) -> Registry:
    """The registry as rows are judged against it."""
    partners = list(Partner.objects.order_by("name"))
    mine = [each for each in partners if who is None or may(who, "create", "import", Facts(partner=each.pk))]
    return Registry(
        companies=_existing(who, on),
        partners={import_verdict.partner_key(each.name): each.pk for each in mine},
        partner_names={each.pk: each.name for each in partners},
        default_partner=None if partner is None else partner.pk,
        all_partners=frozenset(import_verdict.partner_key(each.name) for each in partners),
    )


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


# What is kept of it with the run


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
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

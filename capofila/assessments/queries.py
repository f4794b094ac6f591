"""Reading assessments: the answers that hold, and what the rules make of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateField, Exists, IntegerField, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone

from capofila.assessments import log
from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.models import AnswerEntry, Assessment, Evidence, PrivateEntry
from capofila.assessments.rules import fold, interview
from capofila.assessments.rules.answers import Answer, Answers, plain, read_answers
from capofila.assessments.rules.entries import Said
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Problem, refuse_if
from capofila.lib.sources import Node, Text
from capofila.web.prepared import Prepared, given


def visible_to(who: access.Who, *, on: date) -> QuerySet[Assessment]:
    """Assessments with their company, each told whether the partner of `who` serves it (`served`)."""
    return _told_served(who.partner, on).select_related("company")


def _told_served(partner: Any, on: Any) -> QuerySet[Assessment]:
    serving = companies.serving(on).filter(company=OuterRef("company"), partner=partner)
    return Assessment.objects.annotate(served=Exists(serving))


def readable(who: access.Who, *, on: date) -> QuerySet[Assessment]:
    """The assessments that `who` may read."""
    found, reach = visible_to(who, on=on), access.scope(who, "read", "assessment")
    if reach == "all":
        return found
    if reach == "own":
        return found.filter(Q(served=True))
    return found.filter(company=who.company) if reach == "company" and who.company else found.none()


def found_for(pk: int, who: access.Who, *, on: date) -> tuple[Assessment, access.Facts]:
    """An assessment that `who` may read, and what the table of access asks about. Raises `access.Denied`."""
    return _checked(visible_to(who, on=on).filter(pk=pk).first(), who)


def locked_for(
    pk: int, who: access.Who, *, on: date, answers: Sequence[UUID] = (), private: Sequence[UUID] = ()
) -> tuple[Assessment, access.Facts]:
    """The same without its company, and nobody else writes to it until the transaction ends.

    `answers` and `private` are ids of entries to come: `mixed_up`, on the assessment, tells whether one
    of them stands as an entry of the other kind.
    """
    found = None
    values: dict[str, object] = {"pk": pk, "partner": who.partner, "on": on}
    values |= {f"answer{place}": id_ for place, id_ in enumerate(answers)}
    values |= {f"private{place}": id_ for place, id_ in enumerate(private)}
    for *facts, served, mixed_up in _locked(len(answers), len(private)).rows(**values):
        found = Assessment.from_db(DEFAULT_DB_ALIAS, FACTS, facts)
        vars(found).update(served=served, mixed_up=bool(mixed_up))
    return _checked(found, who)


FACTS = log.columns(Assessment)


@lru_cache(maxsize=64)
def _locked(answers: int, private: int) -> Prepared:
    mixed_up = _stand(PrivateEntry, "answer", answers) | _stand(AnswerEntry, "private", private)
    return Prepared(
        lambda: (
            _told_served(given("partner", IntegerField()), given("on", DateField()))
            .filter(pk=given("pk", IntegerField()))
            .annotate(mixed_up=mixed_up)
            .select_for_update(of=("self",), no_key=True)
            .values_list(*FACTS, "served", "mixed_up")
        )
    )


def _stand(model: type[AnswerEntry | PrivateEntry], name: str, count: int) -> Q:
    ids = [given(f"{name}{place}", UUIDField()) for place in range(count)]
    return Q(Exists(model._default_manager.filter(pk__in=ids))) if ids else Q(pk__isnull=True)


def _checked(assessment: Assessment | None, who: access.Who) -> tuple[Assessment, access.Facts]:
    """What is not there is refused like what one may not know of: nobody learns which numbers exist."""
    if assessment is None:
        raise access.Denied(404)
    facts = facts_of(assessment, who)
    access.check(who, "read", "assessment", facts)
    return assessment, facts


def facts_of(assessment: Assessment, who: access.Who) -> access.Facts:
    """Of an assessment that `visible_to` gave to the same person: of the partners, theirs is enough."""
    served = bool(getattr(assessment, "served", False))
    partners = frozenset({who.partner} if served and who.partner is not None else ())
    return access.Facts(partners=partners, company=assessment.company_id)


def current(assessment: Assessment) -> dict[str, fold.Current]:
    """What holds now, by question code; questions never touched are absent."""
    return log.current(assessment)


def answers(assessment: Assessment) -> Answers:
    """The answers that hold, read by the rule for files. Raises `Refused` for rows that are not sound."""
    return read_current(assessment, current(assessment))


def read_current(assessment: Assessment, holding: Mapping[str, fold.Current]) -> Answers:
    instrument = library.load(assessment.name)
    tree = Node({code: as_node(found.entry, instrument) for code, found in holding.items()})
    problems: list[Problem] = []
    read = read_answers(tree, "assessment", instrument, assessment.profile or None, problems)
    refuse_if(problems)
    return read


def unanswered(assessment: Assessment) -> list[str]:
    """The questions that show and have no answer yet, in the order of the interview."""
    found, instrument = answers(assessment), library.load(assessment.name)
    shown = interview.visible(instrument, assessment.profile or None, found)
    return [question.code for question in shown if question.code not in found]


def submission(
    assessment: Assessment, read: Answers | None = None, *, with_evidence: bool = False
) -> Submission:
    """An assessment as a whole answers file would give it; `read`: its answers, where the caller has them.

    `with_evidence`: what was shown too, for a report.
    """
    return Submission(
        file="assessment",
        instrument=library.load(assessment.name),
        name=assessment.name,
        profile=assessment.profile or None,
        stage=assessment.stage,
        day=assessment.day,
        language=assessment.company.language,
        answers=answers(assessment) if read is None else read,
        evidence=_listed(assessment) if with_evidence else {},
    )


def _listed(assessment: Assessment) -> dict[str, list[Shown]]:
    """What was given and not removed, by question, in the order in which it came."""
    found: dict[str, list[Shown]] = {}
    for row in evidence(assessment).filter(removal=None):
        received_on = timezone.localdate(row.received_at)
        shown = Shown(row.name, received_on, row.day, row.stored_id)
        found.setdefault(row.question, []).append(shown)
    return found


def evidence(assessment: Assessment) -> QuerySet[Evidence]:
    """Every piece, those removed too, in the order in which they came."""
    rows = Evidence.objects.filter(assessment=assessment).select_related("stored", "removal")
    return rows.prefetch_related("dates").order_by("received_at", "pk")


def holding_in(found: Iterable[Assessment]) -> dict[int, dict[str, fold.Current]]:
    """What holds now in each of several assessments, by their key; one query for all."""
    return log.current_in(found)


def newest(company: Company, instruments: Iterable[str], stage: str | None = None) -> Assessment | None:
    """The company's last assessment by one of these instruments, of one stage or of any."""
    found = Assessment.objects.filter(company=company, instrument__in=list(instruments))
    if stage is not None:
        found = found.filter(stage=stage)
    return found.select_related("company").order_by("-day", "-pk").first()


def earlier(assessment: Assessment) -> QuerySet[Assessment]:
    """What it can be compared with: closed, of an earlier stage, by the same instrument; latest first."""
    stages = list(Assessment.Stage)
    return Assessment.objects.filter(
        company=assessment.company_id,
        instrument=assessment.instrument,
        stage__in=stages[: stages.index(Assessment.Stage(assessment.stage))],
        state=Assessment.State.COMPLETE,
    ).order_by("-stage", "-day", "-pk")


def ids(listed: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(text) for text in listed)


def as_node(entry: fold.Entry | Said, instrument: Instrument) -> Node:
    """What an entry says, as the tree `read_answers` reads."""
    note = Node(Text(entry.note))
    if entry.state == "not_applicable":
        return Node({"not_applicable": Node(entry.reason), "note": note})
    question = instrument.by_code.get(entry.question)
    if question is not None and question.type == "decimal" and isinstance(entry.value, str):
        return Node({"value": Node(Decimal(entry.value)), "note": note})
    return Node({"value": plain(entry.value), "note": note})


def as_stored(answer: Answer) -> object:
    """The value of an answer as JSON keeps it: the shape of an answers file."""
    return _jsonable(answer.value)


def _jsonable(value: object) -> object:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return value if value is None or isinstance(value, int | str) else str(value)

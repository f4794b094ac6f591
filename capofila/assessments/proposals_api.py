"""What another questionnaire implies, for machines: the proposals of the pages, and their confirmation.

To change one is to answer: `POST …/entries`. In words: docs/rules/ask-once.md
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Router

from capofila.assessments import actions, asking, implying, proposals, queries, receiving, screen, shown
from capofila.assessments.api import Pk, _check_author, _who, needs
from capofila.assessments.forms import PAGE
from capofila.assessments.implying import Filled, Implied
from capofila.assessments.schemas import Confirmation, Proposals, Received
from capofila.assessments.screen import Sheet
from capofila.consortium import access
from capofila.lib.problems import Problem, gettext_noop
from capofila.web.schemas import REFUSALS

router = Router(tags=["assessments"])


class NotProposed(Problem):
    """Nothing is implied of a question that stands to be confirmed."""

    status = 409


class CellsToAsk(Problem):
    """Confirming the question would answer for somebody what nobody was asked."""

    status = 409


class SourceChanged(Problem):
    """The answers that imply are others than those that were looked at."""

    status = 409


class OneOfThree(Problem):
    """What to confirm is not said, or said twice."""


@router.get(
    "/assessments/{assessment}/proposals",
    response={200: Proposals, **REFUSALS},
    openapi_extra=needs("read score"),
)
def read_proposals(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """What the company's other assessments imply for this one, cell by cell, and what nothing implies."""
    who = _who(request)
    found, facts = queries.found_for(assessment, who, on=timezone.localdate())
    access.check(who, "read", "score", facts)
    return JsonResponse(proposals.of(screen.sheet(found, asking.language())))


@router.post(
    "/assessments/{assessment}/proposals/confirm",
    response={200: Received, **REFUSALS},
    openapi_extra=needs("create answer"),
)
def confirm_proposals(request: HttpRequest, what: Confirmation, assessment: int = Pk) -> JsonResponse:
    """Enter what is implied as the consultant's answers: some questions, an area, or all that can be.

    Confirming again enters nothing. With the `source_checksum` of what was looked at, nothing is entered
    where the answers that imply have changed since.
    """
    who, at = _who(request), timezone.now()
    _check_author(who, what.author)
    found, facts = queries.found_for(assessment, who, on=timezone.localdate(at))
    access.check(who, "create", "answer", facts)
    if found.state == found.State.COMPLETE:
        raise receiving.closed(found)
    sheet = screen.sheet(found, asking.language())
    filled = implying.of(sheet)
    _check_seen(what.source_checksum, filled)
    said = [implying.said(one, sheet, at=at, device=PAGE) for one in _meant(what, filled, sheet)]
    outcomes = actions.receive(found, said, author=receiving.author(who, facts), at=at)
    codes = {one.question for one in said}
    current = {code: one for code, one in queries.current(found).items() if code in codes}
    return JsonResponse(_received(outcomes, current, at=at))


def _received(outcomes: Any, current: Any, *, at: datetime) -> dict[str, Any]:
    return {
        "now": shown.moment(at),
        "results": [shown.outcome_json(outcome) for outcome in outcomes],
        "questions": shown.answers_json(current, "consultant"),
    }


def _check_seen(checksum: str, filled: Filled | None) -> None:
    if checksum and (filled is None or checksum != filled.checksum):
        raise SourceChanged(
            "assessments.source-changed",
            gettext_noop("The answers that imply these have changed. Look at the proposals again."),
        )


def _meant(what: Confirmation, filled: Filled | None, sheet: Sheet) -> list[Implied]:
    """The questions to confirm, those that stand confirmed left out. Raises `Problem`."""
    if [bool(what.questions), bool(what.area), what.all].count(True) != 1:
        raise OneOfThree(
            "assessments.confirm-one-of-three",
            gettext_noop(
                "Say what to confirm: some questions, one area, or all; expected exactly one of them."
            ),
        )
    if what.area and what.area not in sheet.areas:
        raise actions.unknown_area(what.area, sheet.areas)
    if not what.questions:
        return [] if filled is None else list(filled.ready(what.area or None))
    return [one for code in dict.fromkeys(what.questions) if (one := _one(code, filled, sheet)) is not None]


def _one(code: str, filled: Filled | None, sheet: Sheet) -> Implied | None:
    found = None if filled is None else filled.questions.get(code)
    if found is None and sheet.said(code):
        return None
    if found is None:
        raise NotProposed(
            "assessments.not-proposed",
            gettext_noop("Nothing implies an answer to “{question}”. Answer it."),
            question=code,
        )
    if found.asks:
        raise CellsToAsk(
            "assessments.cells-to-ask",
            gettext_noop("“{question}” has cells that nothing implies. Answer the whole question."),
            question=code,
        )
    return found

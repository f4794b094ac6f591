"""Who asks for a page of an assessment: side, language, what that person may see, what scripts start from."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from capofila.assessments import page_facts, screen, shown
from capofila.assessments.models import Assessment
from capofila.assessments.rules.fold import Side
from capofila.consortium import access
from capofila.consortium.access import who


def side_of(request: HttpRequest, facts: access.Facts) -> Side | None:
    """The side of the table somebody answers on; None for those who only read."""
    return shown.side_of(who(request), facts)


def may_answer(assessment: Assessment, side: str | None) -> bool:
    return side is not None and assessment.state == Assessment.State.DRAFT


def sheet(request: HttpRequest, assessment: Assessment, facts: access.Facts) -> screen.Sheet:
    """The assessment as this person may see it: a contact the open areas and the company's answers."""
    side = side_of(request, facts)
    areas = assessment.prefill_areas if side == "company" else None
    return screen.sheet(assessment, language(), open_areas=areas, side=side)


def language() -> str:
    """The language of the page, of those that questionnaires have words in."""
    found = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return found if found in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def device_facts(request: HttpRequest) -> dict[str, Any]:
    """What every page with the queue of this device starts from."""
    asking = who(request)
    return {
        "author": asking.user,
        "author_name": asking.name,
        "language": language(),
        "words": page_facts.page_words(),
    }


def scripts(*names: str) -> list[str]:
    return [f"assessments/{name}.js" for name in names]

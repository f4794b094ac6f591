"""What another questionnaire implies, as the API tells it: apart from the answers, with what implies it."""

from collections.abc import Iterable, Iterator
from typing import Any

from capofila.assessments import implying
from capofila.assessments.implying import Filled, Implied
from capofila.assessments.rules.ask_once import Narrowed
from capofila.assessments.screen import Sheet

NONE: dict[str, Any] = {
    "source": None, "source_checksum": "", "cells": 0, "filled": 0, "not_confirmed": 0, "questions": []
}  # fmt: skip


def of(sheet: Sheet) -> dict[str, Any]:
    """What is implied for an assessment, and what another one leaves of its levels."""
    filled = implying.of(sheet)
    found = NONE if filled is None else _filled(filled)
    return found | {"levels_left": _levels(implying.levels_left(sheet))}


def _filled(filled: Filled) -> dict[str, Any]:
    return {
        "source": filled.source.pk,
        "source_checksum": filled.checksum,
        "cells": filled.cells,
        "filled": filled.filled,
        "not_confirmed": filled.proposed,
        "questions": [_question(one) for one in filled.questions.values()],
    }


def _question(one: Implied) -> dict[str, Any]:
    return {
        "question": one.code,
        "area": one.area,
        "value": one.value,
        "note": one.note,
        "cells": list(_cells(one)),
        "to_ask": one.asks,
    }


def _cells(one: Implied) -> Iterator[dict[str, Any]]:
    for (item, column), mark in one.marks.items():
        yield {
            "item": item,
            "column": column,
            "value": mark.value,
            "implied_by": [{"question": question, "level": level} for question, level in mark.by],
            "uncertain": mark.kind == "uncertain",
        }


def _levels(left: Iterable[Narrowed]) -> list[dict[str, Any]]:
    return [
        {"question": one.question, "levels": list(one.levels), "cells": [str(cell) for cell in one.sources]}
        for one in left
    ]

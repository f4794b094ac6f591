"""The JSON of the API, described for `docs/openapi.json`. What it means: docs/rules/answers.md"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import WithJsonSchema

from capofila.assessments.rules.answers import LONGEST_TEXT
from capofila.assessments.rules.entries import (
    FORMAT,
    LARGEST_OFFSET,
    LONGEST_DEVICE,
    LONGEST_QUESTION,
    MOST_REPLACED,
)
from capofila.web.schemas import ProblemOut

MOST_ENTRIES = 200
SideWord = Literal["consultant", "company"]
LARGEST_ID = 2**63 - 1  # of a row; beyond it no database looks

_TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
_UUID = {"type": "string", "format": "uuid"}
_COMMON = {
    "format": {"type": "integer", "minimum": 1, "maximum": FORMAT},
    "id": _UUID,
    "question": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
    "replaces": {"type": "array", "items": _UUID, "maxItems": MOST_REPLACED},
    "device": {"type": "string", "minLength": 1, "maxLength": LONGEST_DEVICE},
    "device_time": {"type": "string", "format": "date-time"},
    "clock_offset_ms": {"type": ["integer", "null"], "minimum": -LARGEST_OFFSET, "maximum": LARGEST_OFFSET},
}
_REQUIRED = ["format", "id", "question", "device", "device_time"]


def _entry(kind: str, required: list[str], **own: object) -> dict[str, object]:
    return {
        "type": "object",
        "title": kind,
        "properties": {**_COMMON, "kind": {"const": kind}, **own},
        "required": [*_REQUIRED, *required],
        "additionalProperties": False,
    }


# Each entry is read on its own, so that one that is wrong holds up no other: the schema only describes.
EntryIn = Annotated[
    Any,
    WithJsonSchema(
        {
            "oneOf": [
                _entry(
                    "answer",
                    ["state"],
                    state={"enum": ["answered", "not_applicable", "cleared"]},
                    value={},
                    reason=_TEXT,
                    note=_TEXT,
                    why=_TEXT,
                ),
                _entry("private-note", ["kind", "text"], text=_TEXT),
                _entry("flag", ["kind", "flagged"], flagged={"type": "boolean"}),
            ]
        }
    ),
]


class Batch(Schema):
    author: int = Field(description="in whose name the entries were written: `user` of the session")
    entries: list[EntryIn] = Field(max_length=MOST_ENTRIES)


class Result(Schema):
    id: UUID | None
    outcome: Literal["added", "known", "refused"]
    status: int
    received_at: datetime | None
    retry: bool
    problem: ProblemOut | None


class EntryOut(Schema):
    id: UUID
    question: str
    state: Literal["answered", "not_applicable", "cleared"]
    value: Any
    reason: str
    note: str
    why: str
    side: SideWord
    author: str
    replaces: list[UUID]
    device: str
    device_time: datetime | None
    clock_offset_ms: int | None
    received_at: datetime


class HeldOut(Schema):
    entry: EntryOut
    rivals: list[EntryOut]


class AnswersOut(Schema):
    holds: SideWord | None
    consultant: HeldOut | None = None
    company: HeldOut | None
    conflict: bool
    differs: bool
    disagreement: bool


class Received(Schema):
    now: datetime
    results: list[Result]
    questions: dict[str, AnswersOut]


class PrivateOut(Schema):
    id: UUID
    text: str
    author: str
    device_time: datetime
    clock_offset_ms: int | None
    received_at: datetime


class FlagOut(Schema):
    id: UUID
    flagged: bool
    author: str
    device_time: datetime
    clock_offset_ms: int | None
    received_at: datetime


class RemovedOut(Schema):
    at: datetime
    by: str
    reason: str


class EvidenceOut(Schema):
    id: UUID
    question: str
    name: str
    type: str
    bytes: int
    sha256: str
    effective_on: date | None
    side: SideWord
    author: str
    device: str
    device_time: datetime
    clock_offset_ms: int | None
    received_at: datetime
    url: str | None
    thumbnail: str | None
    removed: RemovedOut | None


class QuestionOut(AnswersOut):
    private: list[PrivateOut] = Field([])
    flags: list[FlagOut] = Field([])
    flagged: bool = False
    evidence: list[EvidenceOut]


class ScoreOut(Schema):
    value: str | None
    coverage: float | None
    answered: int
    applicable: int
    band: str | None


class ScoresOut(Schema):
    overall: ScoreOut
    areas: dict[str, ScoreOut]


class AssessmentFacts(Schema):
    id: int
    company: int
    instrument: str
    profile: str
    stage: Literal["T0", "T1", "T2"]
    state: Literal["draft", "complete"]
    day: date


class Source(Schema):
    question: str = Field(description="of the assessment that implies it")
    level: int


class ImpliedCell(Schema):
    item: str = Field(description="item or row")
    column: str = Field(description="of a matrix; else empty")
    value: Any = Field(description="true: ticked; null: nothing implies it, to ask")
    implied_by: list[Source]
    uncertain: bool


class ImpliedQuestion(Schema):
    question: str
    area: str
    value: Any = Field(description="what confirming it enters, as an answer has it")
    note: str = Field(description="of the answer that confirms it")
    cells: list[ImpliedCell]
    to_ask: bool = Field(
        description="confirming it would answer a cell that nothing implies: answer it instead"
    )


class LevelsLeft(Schema):
    question: str
    levels: list[int] = Field(description="those that the closed European assessment leaves; none is chosen")
    cells: list[str] = Field(description="of that assessment")


class Proposals(Schema):
    source: int | None = Field(description="the assessment that implies them; null: none does")
    source_checksum: str = Field(description="of its answers; empty: none")
    cells: int
    filled: int = Field(description="answered, or implied")
    not_confirmed: int
    questions: list[ImpliedQuestion] = Field(description="implied and no answers yet: they count nowhere")
    levels_left: list[LevelsLeft]


class AssessmentOut(AssessmentFacts):
    side: SideWord | None
    may_answer: bool
    areas: list[str] | None
    formats: list[int]
    now: datetime
    questions: dict[str, QuestionOut]
    scores: ScoresOut | None
    implied: Proposals | None = Field(description="not confirmed, so in no answer; null: for the company")


class ScoresNow(Schema):
    now: datetime
    scores: ScoresOut


class Confirmation(Schema):
    """Exactly one of `questions`, `area` and `all`."""

    author: int = Field(description="in whose name: `user` of the session")
    questions: list[str] = Field([], max_length=MOST_ENTRIES)
    area: str = ""
    all: bool = False
    source_checksum: str = Field("", description="of the proposals looked at: refused where it is another")


class AssessmentPage(Schema):
    items: list[AssessmentFacts]
    page: int
    pages: int
    count: int


class EntryPage(Schema):
    items: list[EntryOut]
    page: int
    pages: int
    count: int


class Dating(Schema):
    author: int
    effective_on: date | None = Field(description="null: from no particular day")


class Removal(Schema):
    author: int
    reason: str = Field("", max_length=LONGEST_TEXT)

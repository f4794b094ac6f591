"""What consultants write in place of the report's own texts: read, written, taken back.

A text is named by assessment, language and key (`summary`, `area.<code>.lead`, `action.<code>`).
Every edit is a row of its own and stays: the newest counts, so that nothing is ever lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from capofila.assessments.models import Assessment
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.document import Aside, Block, Callout, Document, Heading, TextBlock, Together
from capofila.lib.problems import Problem, gettext_noop
from capofila.reports.models import TextEdit
from capofila.reports.rules import markup


class WrittenMeanwhile(Problem):
    """Somebody else wrote this text while the page was open."""

    status = 409


@dataclass(frozen=True)
class Place:
    """One text in the report as it is generated now, with what was written in its place."""

    key: str
    title: str
    generated: str  # in the markup
    edit: TextEdit | None  # the newest, also one that went back to the report's own text

    @property
    def is_written(self) -> bool:
        return self.edit is not None and self.edit.text is not None

    @property
    def has_moved(self) -> bool:
        """What it was written in place of is not what the report says now."""
        return self.edit is not None and self.is_written and self.edit.generated != self.generated

    @property
    def text(self) -> str:
        """What stands in the report."""
        if self.edit is not None and self.edit.text is not None:
            return self.edit.text
        return self.generated


def newest(assessment: Assessment, language: str) -> dict[str, TextEdit]:
    """The newest edit of each text, by its key."""
    rows = TextEdit.objects.filter(assessment=assessment, language=language).order_by("number")
    return {row.key: row for row in rows}


def history(assessment: Assessment, language: str, key: str) -> QuerySet[TextEdit]:
    """Every edit of one text, newest first."""
    return TextEdit.objects.filter(assessment=assessment, language=language, key=key).order_by("-number")


def written(assessment: Assessment, language: str) -> dict[str, str]:
    """What stands in place of the report's own texts, in the markup, by key."""
    found = newest(assessment, language)
    return {key: edit.text for key, edit in sorted(found.items()) if edit.text is not None}


def places(document: Document, edits: Mapping[str, TextEdit]) -> list[tuple[str, list[Place]]]:
    """Each chapter that has texts to write, with them; `document` is the report as it is generated."""
    found = []
    for chapter in document.chapters:
        own = [
            Place(block.key, title or chapter.title, markup.write(block.blocks), edits.get(block.key))
            for title, block in _texts(chapter.blocks)
        ]
        if own:
            found.append((chapter.title, own))
    return found


def _texts(blocks: Iterable[Block]) -> Iterator[tuple[str, TextBlock]]:
    """Every text, with the heading that it stands under together with nothing else."""
    for block in blocks:
        if isinstance(block, TextBlock):
            yield "", block
        elif isinstance(block, Together | Callout):
            title = _heading(block.blocks) if isinstance(block, Together) else ""
            yield from ((inner or title, text) for inner, text in _texts(block.blocks))
        elif isinstance(block, Aside):
            yield from _texts([*block.note, *block.main])


def _heading(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks if isinstance(block, Heading)), "")


@transaction.atomic
def write(
    assessment: Assessment,
    language: str,
    key: str,
    text: str | None,
    *,
    after: int,
    generated: str,
    by: Actor,
    at: datetime,
) -> TextEdit:
    """Put `text` in place of the report's own, or take it back with None.

    `after` is the number of the newest edit as the person saw it, 0 for none; `generated` the own
    text. The same form sent twice writes once. Raises `WrittenMeanwhile`, and writes nothing.
    """
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    last = history(assessment, language, key).first()
    if last is not None and last.number != after:
        if (last.number, last.text, last.by) == (after + 1, text, by.user):
            return last
        raise WrittenMeanwhile(
            "reports.written-meanwhile",
            gettext_noop(
                "{name} wrote this text while your page was open. Yours is still below; "
                "look at both before you keep it."
            ),
            name=last.by_name,
        )
    edit = TextEdit.objects.create(
        assessment=assessment,
        language=language,
        key=key,
        number=after + 1,
        text=text,
        generated=generated,
        by=by.user,
        by_name=by.name,
        at=at,
    )
    event = "reports.text-taken-back" if text is None else "reports.text-written"
    journal.record(event, by=by, about=assessment, text=key, language=language, number=edit.number)
    return edit

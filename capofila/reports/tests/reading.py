"""Read a composed document back as text, without rendering it."""

import dataclasses
import re
from collections.abc import Iterator

from capofila.lib.charts import Chart
from capofila.lib.document import Chapter, Run


def texts(thing: object) -> Iterator[str]:
    """Every text in a chapter or block, in reading order; a paragraph or cell is one text."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Chart):
        return
    elif isinstance(thing, list | tuple):
        if (
            thing
            and all(isinstance(part, Run | str) for part in thing)
            and any(isinstance(p, Run) for p in thing)
        ):
            yield "".join(part.text if isinstance(part, Run) else part for part in thing)
        else:
            for part in thing:
                yield from texts(part)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from texts(getattr(thing, field.name))


def sentences(chapter: Chapter) -> set[str]:
    """The sentences of four words or more; headings and labels are not sentences."""
    found: set[str] = set()
    for text in texts(chapter.blocks):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«“])", text):
            if len(sentence.split()) >= 4 and sentence.rstrip().endswith((".", "?")):
                found.add(sentence.strip())
    return found

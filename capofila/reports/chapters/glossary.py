"""Words of the report and of the hub."""

from typing import cast

from capofila.lib.document import Chapter, Column, Inline, Run, Table
from capofila.reports.phrases import data
from capofila.reports.picture import Picture


def chapter(p: Picture) -> Chapter:
    say = p.say
    terms = cast(list[dict[str, str]], data("glossary", p.language) or [])
    rows: list[list[Inline]] = [[[Run(entry["term"], strong=True)], entry["text"]] for entry in terms]
    columns = [Column(say.say("column.term"), 0.38), Column(say.say("column.meaning"), 1.2)]
    table = Table(columns, rows, say.say("glossary.caption"))
    return Chapter("glossary", say.say("glossary.title"), [table], running=say.say("glossary.running"))

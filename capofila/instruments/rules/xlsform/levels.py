"""Whether the choices of a question are levels 1 to 5: by our columns, or by how they are numbered."""

import re

from capofila.instruments.rules.shape import LEVELS
from capofila.instruments.rules.xlsform.survey import Item
from capofila.instruments.rules.xlsform.vocabulary import Log
from capofila.lib.problems import gettext_noop

NUMBERED = ("level", "score", "points", "livello", "punteggio", "punti")  # columns of others that may tell
WANTED = {str(level) for level in LEVELS}
Cell = tuple[int, str]  # line and column of the sheet choices


def declared(item: Item, own: str, log: Log) -> dict[str, str]:
    """The level of each choice by its name, as our columns state it; nothing where they do not.

    `own`: the type that `capofila_type` gives.
    """
    stated = {choice.name: choice.row["capofila_level"] for choice in item.choices}
    if own != "level" and not (stated and all(stated.values())):
        return {}
    if not any(stated.values()):
        stated = {name: name for name in stated}
    if len(stated) == len(WANTED) and set(stated.values()) == WANTED:
        return stated
    log.refuse(
        "xlsform.levels",
        gettext_noop("The choices of {name} are not one for each level; expected levels 1 to 5."),
        item.row.at("type"),
        name=item.name,
    )
    return {name: str(level) for name, level in zip(stated, LEVELS, strict=False)}


def recognised(item: Item, log: Log) -> tuple[dict[str, str], set[Cell]]:
    """Levels that five choices number, and the cells that told them: by a column, or by their names."""
    found, cells = _by_column(item)
    if not found:
        found = _by_name(item)
    if found:
        log.change(
            "xlsform.level",
            gettext_noop("{name} becomes a question with levels: its choices are numbered 1 to 5."),
            item.row.at("type"),
            name=item.name,
        )
    return found, cells


def _by_column(item: Item) -> tuple[dict[str, str], set[Cell]]:
    for column in ("capofila_score", *NUMBERED):
        found = {choice.name: choice.row[column] for choice in item.choices}
        if column == "capofila_score" and set(found.values()) == {"0", "1", "2", "3", "4"}:
            found = {name: str(int(score) + 1) for name, score in found.items()}
        if len(found) == len(WANTED) and set(found.values()) == WANTED:
            return found, {(choice.row.line, column) for choice in item.choices}
    return {}, set()


def _by_name(item: Item) -> dict[str, str]:
    """Names such as 1 to 5, or l1 to l5."""
    found = {choice.name: choice.name[-1:] for choice in item.choices}
    before = {choice.name[:-1] for choice in item.choices}
    alike = len(before) == 1 and re.fullmatch("[A-Za-z_.-]*", before.pop()) is not None
    return found if alike and len(found) == len(WANTED) and set(found.values()) == WANTED else {}

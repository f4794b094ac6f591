"""What the choices and rows of an XLSForm question become: levels, items, rows, columns, points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from capofila.instruments.rules.shape import SCALE_TOP, TRISTATE, UNSCORED, Question, Type
from capofila.instruments.rules.xlsform.levels import Cell, declared, recognised
from capofila.instruments.rules.xlsform.survey import Choice, Item
from capofila.instruments.rules.xlsform.texts import Speaker
from capofila.instruments.rules.xlsform.vocabulary import Log, Row, flag
from capofila.instruments.rules.xlsform.writing import points
from capofila.lib.problems import gettext_noop

OWN_TYPES = {"select_one": ("level", "choice"), "select_multiple": ("ticks",)}
CHOICE_COLUMNS = {
    "list_name",
    "name",
    "capofila_code",
    "capofila_level",
    "capofila_score",
    "capofila_negative",
}
PART = {"level": "levels", "matrix": "columns", "scale": "points", "tristate": "points"}  # else items
POINTS = {"scale": tuple(str(point) for point in range(SCALE_TOP + 1)), "tristate": TRISTATE}
OTHER = {"en": "Other", "it": "Altro"}


@dataclass(frozen=True)
class Draft:
    """A question being made: its keys and words, which parts are added to."""

    item: Item
    type: str
    levels: Mapping[str, str]  # of a question with levels: name of a choice -> level
    keys: dict[str, object]
    words: dict[str, dict[str, object]]  # by language

    @property
    def unworded(self) -> set[str]:
        return set(self.item.row["capofila_no_words"].split())


@dataclass
class Parts:
    speaker: Speaker
    log: Log
    params: Mapping[str, str]  # of the scoring rule
    _told: set[int] = field(default_factory=set)  # lines of the choices that were taken
    _levels: set[Cell] = field(default_factory=set)  # cells that told a level

    def type_of(self, item: Item) -> tuple[str, dict[str, str]]:
        """The type, and of a question with levels the level of each choice by its name."""
        own = item.row["capofila_type"]
        if item.type == "grid":
            return own, {}
        known = OWN_TYPES.get(item.type, (item.type,))
        if own and own not in known:
            self.log.refuse(
                "xlsform.own-type",
                gettext_noop("A {type} question cannot be of the type {own}; expected one of: {known}."),
                item.row.at("capofila_type"),
                type=item.type,
                own=own,
                known=", ".join(known),
            )
        if item.type != "select_one" or own == "choice":
            return known[-1], {}
        levels = declared(item, own, self.log)
        if not levels and not own and not item.other:
            levels, told = recognised(item, self.log)
            self._levels |= told
        return ("level" if levels else "choice"), levels

    def add(self, draft: Draft) -> dict[str, str]:
        """Adds levels, items, rows and columns; the names of the choices that conditions may look for."""
        item = draft.item
        if item.type not in {"select_one", "select_multiple", "grid"}:
            return {}
        codes = {choice.name: draft.levels.get(choice.name) or _code(choice) for choice in item.choices}
        if item.type == "grid":
            self.rows(draft)
        texts = {codes[choice.name]: self.choice_text(choice) for choice in item.choices}
        if item.other:
            self.other(item, codes, texts, levels=draft.type == "level")
        if draft.type == "level":
            texts = dict(sorted(texts.items()))
        self.check_points(draft, tuple(texts))
        part = PART.get(draft.type, "items")
        if part in {"items", "columns"}:
            draft.keys[part] = list(texts)
        if part not in draft.unworded:
            for language, of in draft.words.items():
                told = {code: spoken[language] for code, spoken in texts.items()}
                of[part] = told if part in {"items", "columns"} else list(told.values())
        negative = self.counted(item, draft.type, codes)
        if negative:
            draft.keys["negative"] = negative
        return codes

    def other(
        self, item: Item, codes: dict[str, str], texts: dict[str, dict[str, str]], *, levels: bool
    ) -> None:
        """`or_other`: a choice more, whose text is not carried."""
        if "other" not in codes and not levels:
            codes["other"] = "other"
            texts["other"] = {lang: OTHER.get(lang, OTHER["en"]) for lang in self.speaker.languages}
        self.log.lose(
            "xlsform.or-other",
            gettext_noop("The text behind “other” is not carried: {name} has a choice other alone."),
            item.row.at("type"),
            name=item.name,
        )

    def check_points(self, draft: Draft, codes: tuple[str, ...]) -> None:
        expected = POINTS.get(draft.type, codes)
        if codes != expected:
            self.log.refuse(
                "xlsform.points",
                gettext_noop("The choices of {name} are not those of a {type}; expected {expected}."),
                draft.item.row.at("type"),
                name=draft.item.name,
                type=draft.type,
                expected=", ".join(expected),
            )

    def choice_text(self, choice: Choice) -> dict[str, str]:
        if choice.row.line in self._told:  # of a list that several questions share: named once
            texts = choice.row.spoken("label")
            given = next((texts[lang] for lang in self.speaker.languages if lang in texts), choice.name)
            return {language: texts.get(language, given) for language in self.speaker.languages}
        return self.speaker.said(choice.row, "label", choice.name)

    def rows(self, draft: Draft) -> None:
        item = draft.item
        wanted = "select_multiple" if draft.type == "matrix" else "select_one"
        found: dict[str, dict[str, str]] = {}
        for inner in item.inner:
            if inner.type != wanted or inner.choices != item.choices:
                self.log.lose(
                    "xlsform.grid-row",
                    gettext_noop("{name} is not carried: the rows of {grid} are {wanted} of one list."),
                    inner.row.at("type"), name=inner.name, grid=item.name, wanted=wanted,
                )  # fmt: skip
                continue
            code = inner.row["capofila_row"] or inner.name
            found[code] = self.speaker.said(inner.row, "label", inner.name)
            left(self.log, inner.row, {"type", "name", "required", "disabled", "capofila_row"})
            spoken_left(self.log, inner.row, ("hint", "guidance_hint", "capofila_short"))
        draft.keys["rows"] = list(found)
        if "rows" not in draft.unworded:
            for language, said in draft.words.items():
                said["rows"] = {code: texts[language] for code, texts in found.items()}

    def counted(self, item: Item, type_: str, codes: Mapping[str, str]) -> list[str]:
        """The items that speak against; scores that the type does not give are named."""
        marked = [codes[c.name] for c in item.choices if flag(c.row["capofila_negative"])]
        if (
            type_ == "ticks"
            and not marked
            and all(c.row["capofila_score"] in {"0", "1"} for c in item.choices)
        ):
            marked = [codes[choice.name] for choice in item.choices if choice.row["capofila_score"] == "0"]
        question = Question(
            code="", area="", type=cast(Type, type_), items=tuple(codes.values()), negative=frozenset(marked),
            columns=tuple(codes.values()),
        )  # fmt: skip
        expected = {} if type_ in UNSCORED else points(question, self.params)
        for choice in item.choices:
            if choice.row.line not in self._told:
                skipped = {column for line, column in self._levels if line == choice.row.line}
                score = str(expected.get(codes[choice.name], ""))
                wrong = {"capofila_score"} if choice.row["capofila_score"] != score else set()
                wrong |= {"capofila_level"} if type_ != "level" else set()
                wrong |= {"capofila_negative"} if type_ != "ticks" else set()
                left(self.log, choice.row, CHOICE_COLUMNS - wrong | skipped)
                self._told.add(choice.row.line)
        return marked if type_ == "ticks" else []


def left(log: Log, row: Row, known: Iterable[str]) -> None:
    """Lists the cells that have no place here."""
    for column, cell in row.cells.items():
        if column not in known:
            log.not_carried(row.at(column), cell)


def spoken_left(log: Log, row: Row, columns: Iterable[str]) -> None:
    """The same of columns with a text for each language."""
    for column in columns:
        for language, text in row.spoken(column).items():
            log.not_carried(row.at(f"{column}::{language}"), text)


def _code(choice: Choice) -> str:
    return choice.row["capofila_code"] or choice.name

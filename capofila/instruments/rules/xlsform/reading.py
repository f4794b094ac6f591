"""From the sheets of an XLSForm to an instrument and its words.

Our own columns are taken at their word. Of a form made elsewhere, groups become areas, a choice among
levels 1 to 5 a question with levels, other choices, numbers, texts and dates unscored questions. What
has no place here is listed in `Log.lost`, what becomes something else in `Log.changed`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capofila.instruments.rules.reading import read_instrument
from capofila.instruments.rules.shape import Instrument, Words
from capofila.instruments.rules.wording import read_words
from capofila.instruments.rules.xlsform.checks import check_form
from capofila.instruments.rules.xlsform.parts import Parts
from capofila.instruments.rules.xlsform.questions import Area, Asker
from capofila.instruments.rules.xlsform.survey import Item, read_form
from capofila.instruments.rules.xlsform.texts import Speaker
from capofila.instruments.rules.xlsform.vocabulary import (
    CHOICES,
    FILES,
    FORMAT,
    KINDS,
    NAMES,
    SETTINGS,
    SHEETS,
    SURVEY,
    VARIANTS,
    At,
    Lines,
    Log,
    Row,
    Sheet,
    flag,
    language_of,
    read_sheet,
)
from capofila.instruments.rules.xlsform.words import add_variants, carried_files, words_trees
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node, Text

CODE = re.compile("[a-z0-9][a-z0-9-]*")
VERSION = re.compile("[0-9A-Za-z][0-9A-Za-z._]*")
SETTING_COLUMNS = {
    "form_title", "form_id", "version", "default_language", "capofila_format", "capofila_source",
    "capofila_scale", "capofila_not_applicable", "capofila_min_coverage", "capofila_bands_edge",
    "capofila_scoring", "capofila_scoring_params",
}  # fmt: skip
UNSPOKEN = "en"  # of texts whose language nothing says
IN_NAMES = ("areas", "dimensions", "profiles", "bands")  # keys that stand in that sheet
IN_SETTINGS = ("code", "version", "source", "scale", "not_applicable", "min_coverage", "scoring")


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook as text; `name`: of the file, without its ending."""

    name: str
    sheets: Mapping[str, Lines]  # by name, as it is written


@dataclass(frozen=True)
class Wishes:
    """What the person says, where the form does not or says otherwise."""

    code: str = ""
    version: str = ""
    language: str = ""


@dataclass(frozen=True)
class Imported:
    instrument: Instrument
    words: Mapping[str, Words]
    files: Mapping[str, str]  # other files of the folder, by name


def read_book(book: Book, wishes: Wishes, log: Log) -> Imported:
    """Raises `Refused` with every mistake; what is not carried, or otherwise, is in `log`."""
    return _Book(book, wishes, log).read()


class _Book:
    def __init__(self, book: Book, wishes: Wishes, log: Log) -> None:
        self.book = book
        self.wishes = wishes
        self.log = log
        self.sheets = {name.strip().lower(): lines for name, lines in book.sheets.items()}
        self.names = dict(zip(self.sheets, book.sheets, strict=False))

    def read(self) -> Imported:
        if SURVEY not in self.sheets:
            self.log.refuse(
                "xlsform.no-sheet",
                gettext_noop("There is no sheet {sheet}; expected one, beside: {known}."),
                At(SURVEY),
                sheet=SURVEY,
                known=", ".join(self.book.sheets) or "none",
            )
            refuse_if(self.log.refused)
        self.set = self.settings()
        self.ours = bool(self.set["capofila_format"])
        unspoken = self.unspoken()
        survey = self.sheet(SURVEY, unspoken)
        choices = self.sheet(CHOICES, unspoken) if CHOICES in self.sheets else None
        self.listed = self.sheet(NAMES, unspoken)
        variants = self.sheet(VARIANTS, unspoken)
        form = read_form(survey, choices, self.log)
        refuse_if([found for found in self.log.refused if found.code == "xlsform.too-many"])
        check_form(form, self.log, texts=not self.ours)
        refuse_if(self.log.refused)
        sheets = [sheet for sheet in (survey, choices, self.listed, variants) if sheet is not None]
        speaker = Speaker(self.languages(sheets, unspoken), self.log)
        profiles, named = ([row["code"] for row in self.kind(kind)] for kind in ("profile", "area"))
        title = self.set["form_title"] or self.code()
        self.asker = Asker(
            form, speaker, self.log, title, Parts(speaker, self.log, self.params()), profiles, named
        )
        self.asker.ask()
        self.other_sheets()
        return self.built(speaker, variants)

    # Sheets and settings

    def sheet(self, name: str, unspoken: str) -> Sheet:
        return read_sheet(name, self.sheets.get(name, ()), unspoken, self.log, exact=self.ours)

    def settings(self) -> Row:
        lines = self.sheets.get(SETTINGS, ())
        ours = any("capofila_format" in cells for _, cells in lines[:1])
        sheet = read_sheet(SETTINGS, lines, UNSPOKEN, self.log, exact=ours)
        first, *rest = sheet.rows or (Row(SETTINGS, 2, {}, {}),)
        for row in (first, *rest):
            for column, cell in row.cells.items():
                if column not in SETTING_COLUMNS or row is not first:
                    self.log.not_carried(row.at(column), cell)
        if first["capofila_format"] not in {"", FORMAT}:
            self.log.refuse(
                "xlsform.format",
                gettext_noop("The form is of our format {format}; expected {expected}."),
                first.at("capofila_format"),
                format=first["capofila_format"],
                expected=FORMAT,
            )
        return first

    def unspoken(self) -> str:
        """The language of texts that name none; said where nothing tells it."""
        stated = self.set["default_language"]
        if self.wishes.language or stated:
            return language_of(self.wishes.language or stated)[0]
        heads = [
            (sheet, cell.strip())
            for sheet in (SURVEY, CHOICES)
            for _, cells in list(self.sheets.get(sheet, ()))[:1]
            for cell in cells
        ]
        for sheet, cell in heads:
            if cell.lower() in {"label", "caption"}:
                self.log.change(
                    "xlsform.language",
                    gettext_noop("The texts name no language; they are taken to be in {language}."),
                    At(sheet, 1, cell),
                    language=UNSPOKEN,
                )
        return UNSPOKEN

    def languages(self, sheets: Iterable[Sheet], unspoken: str) -> tuple[str, ...]:
        """Those with a text, the form's own first."""
        used = {
            lang for sheet in sheets for row in sheet.rows for texts in row.texts.values() for lang in texts
        }
        named = [language for sheet in sheets for language in sheet.languages if language in used]
        first = [unspoken] if unspoken in used or not named else []
        return tuple(dict.fromkeys([*first, *named]))

    def code(self) -> str:
        stated = self.set["form_id"]
        if self.wishes.code or (self.ours and stated):
            return self.wishes.code or stated
        plain = re.sub("[^a-z0-9]+", "-", (stated or self.set["form_title"] or self.book.name).lower())
        return plain.strip("-") or "form"

    def version(self) -> str:
        stated = self.set["version"]
        if self.wishes.version or (self.ours and stated):
            return self.wishes.version or stated
        return re.sub("[^0-9A-Za-z._]+", ".", stated).strip(".") or "1.0"

    def params(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in self.set["capofila_scoring_params"].split())
        return {name: value for name, _, value in pairs}

    def other_sheets(self) -> None:
        for name, written in self.names.items():
            if name not in SHEETS and any(cell for _, cells in self.sheets[name] for cell in cells):
                self.log.lose(
                    "xlsform.sheet",
                    gettext_noop("The sheet {sheet} is not carried."),
                    At(written),
                    sheet=written,
                )

    # Put together

    def built(self, speaker: Speaker, variants: Sheet) -> Imported:
        if not self.asker.drawn:
            self.log.refuse(
                "xlsform.nothing", gettext_noop("The form asks nothing that is carried."), At(SURVEY)
            )
            refuse_if(self.log.refused)
        areas, named = self.areas(speaker), self.named(speaker)
        problems: list[Problem] = []
        instrument = read_instrument(self.tree(areas), SURVEY, problems)
        self.log.refused += [self.placed(problem) for problem in problems]
        self.unknown_kinds()
        refuse_if(self.log.refused)
        names = {**{code: area.name for code, area in areas.items()}, **named}
        trees = words_trees(speaker.languages, names, self.listed, self.asker.drawn)
        add_variants(variants, trees, self.log)
        words = {}
        for language, tree in trees.items():
            problems = []
            words[language] = read_words(_node(tree, None), SURVEY, language, instrument, problems)
            self.log.refused += [self.placed(problem) for problem in problems]
        files = carried_files(self.sheet(FILES, UNSPOKEN), self.log)
        refuse_if(self.log.refused)
        return Imported(instrument, words, files)

    def kind(self, kind: str) -> list[Row]:
        return [row for row in self.listed.rows if row["kind"] == kind and row["code"]]

    def unknown_kinds(self) -> None:
        for row in self.listed.rows:
            if row["kind"] not in KINDS or not row["code"]:
                self.log.refuse(
                    "xlsform.kind",
                    gettext_noop(
                        "The row is a {kind} without a code, or of no kind; expected one of: {known}."
                    ),
                    row.at("kind"),
                    kind=row["kind"] or "thing",
                    known=", ".join(KINDS),
                )

    def areas(self, speaker: Speaker) -> dict[str, Area]:
        """In the order of `capofila_names`, then of their groups."""
        found = {}
        for row in self.kind("area"):
            asked = self.asker.areas.get(row["code"])
            name = asked.name if asked else speaker.said(row, "name", row["code"])
            found[row["code"]] = Area(row, name)
        return found | {code: area for code, area in self.asker.areas.items() if code not in found}

    def dimensions(self) -> list[str]:
        stated = [row["code"] for row in self.kind("dimension")]
        used = [str(drawn.keys["dimension"]) for drawn in self.asker.drawn if "dimension" in drawn.keys]
        return stated or list(dict.fromkeys(used))

    def named(self, speaker: Speaker) -> dict[str, dict[str, str]]:
        rows = {row["code"]: row for kind in KINDS[1:] for row in self.kind(kind)}
        found = {code: speaker.said(row, "name", code) for code, row in rows.items()}
        return {**{code: dict.fromkeys(speaker.languages, code) for code in self.dimensions()}, **found}

    def tree(self, areas: Mapping[str, Area]) -> Node:
        source = self.set["capofila_source"]
        title = self.set["form_title"] or self.set["form_id"] or self.book.name
        line = self.set.line
        keys: dict[str, object] = {
            "code": self.checked("code", CODE, self.code()),
            "version": self.checked("version", VERSION, self.version()),
            "source": source or f"Imported from an XLSForm: {title}",
            "scale": self.set["capofila_scale"].split() or ["1", "5"],
            "areas": list(areas),
            "not_applicable": self.not_applicable(),
            "scoring": {"rule": self.set["capofila_scoring"] or "weighted-mean", "params": self.params()},
        }
        if self.dimensions():
            keys["dimensions"] = self.dimensions()
        profiles = self.asker.profiles
        if profiles:
            keys["profiles"] = {p: {"not_applicable": self.asker.hidden.get(p, [])} for p in profiles}
        if self.set["capofila_min_coverage"]:
            keys["min_coverage"] = self.set["capofila_min_coverage"]
        bands = [[row["code"], row["low"], row["high"]] for row in self.kind("band")]
        if bands:
            keys["bands"] = {"edge": self.set["capofila_bands_edge"] or "lower", "list": bands}
        tree = _node(keys, line).mapping or {}
        for key in IN_NAMES:
            if key in tree and self.listed.rows:
                tree[key] = _node(keys[key], self.listed.rows[0].line)
        tree["questions"] = Node([_node(drawn.keys, drawn.row.line) for drawn in self.asker.drawn])
        return Node(tree, line)

    def checked(self, what: str, allowed: re.Pattern[str], value: str) -> str:
        if not self.ours and not allowed.fullmatch(value):
            self.log.refuse(
                "xlsform.identity",
                gettext_noop("{value} cannot be the {what} of an instrument; expected {expected}."),
                self.set.at("form_id" if what == "code" else "version"),
                value=value,
                what=what,
                expected="letters a to z, digits and hyphens"
                if what == "code"
                else "letters, digits and dots",
            )
        return value

    def not_applicable(self) -> str:
        """A form whose every question is required lets none be left out; other `required` is not carried."""
        stated = self.set["capofila_not_applicable"]
        asked = [row for item in self.asker.form.items for row in _answered(item)]
        every = bool(asked) and all(flag(row["required"]) for row in asked)
        if every and not stated:
            self.log.change(
                "xlsform.all-required",
                gettext_noop(
                    "Every question is required: no question can be answered with “not applicable”."
                ),
                At(SURVEY, None, "required"),
            )
        if not every:
            for row in asked:
                if row["required"] and flag(row["required"]) is not False:
                    self.log.not_carried(row.at("required"), row["required"])
        return stated or ("refused" if every else "excluded")

    def placed(self, problem: Problem) -> Problem:
        """A mistake that a reader of our files found, at its place in the workbook."""
        at = problem.at
        key = at.key if at else None
        root = (key or "").partition(":")[0]
        of_names = root in IN_NAMES or any(row["code"] == root for row in self.listed.rows)
        sheet = NAMES if of_names else SETTINGS if root in IN_SETTINGS else SURVEY
        place = At(sheet, at.line if at else None, key)
        return Problem(problem.code, problem.sentence, at=self.log.place(place), **problem.facts)


def _answered(item: Item) -> list[Row]:
    """The rows of a question that are answered."""
    if item.type in {"note", "other"}:
        return []
    return [inner.row for inner in item.inner] or [item.row]


def _node(value: object, line: int | None) -> Node:
    """A value as a file of ours would have it, every scalar a text."""
    if isinstance(value, Mapping):
        return Node({str(key): _node(item, line) for key, item in value.items()}, line)
    if isinstance(value, list | tuple):
        return Node([_node(item, line) for item in value], line)
    return Node(Text(str(value)), line)

"""The vocabulary of XLSForm: its sheets and columns, languages in headers, and what became of a row.

An XLSForm is a workbook with the sheets `survey`, `choices` and `settings` (xlsform.org). What it has
no place for stands in columns and sheets of ours that begin with `capofila_`, which its tools let be.
In words: docs/formats.md, "XLSForm".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from capofila.lib.problems import Place, Problem, gettext_noop

FORMAT = "1"  # of our columns, in settings: capofila_format
SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
NAMES, VARIANTS, FILES = "capofila_names", "capofila_variants", "capofila_files"
SHEETS = (SURVEY, CHOICES, SETTINGS, NAMES, VARIANTS, FILES)
KINDS = ("area", "dimension", "profile", "band")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
IN_PARENTHESES = re.compile(r"\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)\s*$")
CARRIED_FILES = re.compile(r"export\.yaml|crosswalk-[A-Za-z0-9.-]+\.yaml")
TRANSLATED: Mapping[str, tuple[str, ...]] = {  # sheet -> its columns with a text for each language
    SURVEY: ("label", "hint", "guidance_hint", "capofila_short"),
    CHOICES: ("label",),
    NAMES: ("name", "short", "about"),
    VARIANTS: ("text",),
}
ALIASES = {  # what XLSForm also calls its columns
    "relevance": "relevant", "bind::relevant": "relevant", "bind:relevant": "relevant", "caption": "label",
    "bind::required": "required", "bind:required": "required", "command": "type", "tag": "name",
    "value": "name", "set form id": "form_id", "id_string": "form_id", "set_form_id": "form_id",
    "title": "form_title", "set form title": "form_title", "set_form_title": "form_title",
    "calculate": "calculation", "control::appearance": "appearance", "body::appearance": "appearance",
}  # fmt: skip
SPOKEN: Mapping[str, tuple[str, str]] = {  # code -> its own name, its English name
    "bg": ("Български", "Bulgarian"), "cs": ("Čeština", "Czech"), "da": ("Dansk", "Danish"),
    "de": ("Deutsch", "German"), "el": ("Ελληνικά", "Greek"), "en": ("English", "English"),
    "es": ("Español", "Spanish"), "et": ("Eesti", "Estonian"), "fi": ("Suomi", "Finnish"),
    "fr": ("Français", "French"), "ga": ("Gaeilge", "Irish"), "hr": ("Hrvatski", "Croatian"),
    "hu": ("Magyar", "Hungarian"), "it": ("Italiano", "Italian"), "lt": ("Lietuvių", "Lithuanian"),
    "lv": ("Latviešu", "Latvian"), "mt": ("Malti", "Maltese"), "nl": ("Nederlands", "Dutch"),
    "pl": ("Polski", "Polish"), "pt": ("Português", "Portuguese"), "ro": ("Română", "Romanian"),
    "sk": ("Slovenčina", "Slovak"), "sl": ("Slovenščina", "Slovenian"), "sv": ("Svenska", "Swedish"),
}  # fmt: skip

Lines = Sequence[tuple[int, Sequence[str]]]  # line number and cells as text, an empty cell ""


@dataclass(frozen=True)
class At:
    """Where in a workbook: a sheet, then a row, a column, or neither."""

    sheet: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Found:
    """What became of one cell, row, column or sheet."""

    at: At
    problem: Problem


@dataclass
class Log:
    """What reading a form finds: mistakes; what is not carried; what is carried otherwise."""

    file: str
    refused: list[Problem] = field(default_factory=list)
    lost: list[Found] = field(default_factory=list)
    changed: list[Found] = field(default_factory=list)

    def refuse(self, code: str, sentence: str, at: At, **facts: object) -> None:
        self.refused.append(self._problem(code, sentence, at, facts))

    def lose(self, code: str, sentence: str, at: At, **facts: object) -> None:
        self.lost.append(Found(at, self._problem(code, sentence, at, facts)))

    def change(self, code: str, sentence: str, at: At, **facts: object) -> None:
        self.changed.append(Found(at, self._problem(code, sentence, at, facts)))

    def sort(self) -> None:
        """What was found in the order of the workbook."""
        for found in (self.lost, self.changed):
            found.sort(key=lambda one: (_place_of(one.at.sheet), one.at.row or 0))

    def place(self, at: At) -> Place:
        return Place(f"{self.file} ({at.sheet})", line=at.row, key=at.column)

    def _problem(self, code: str, sentence: str, at: At, facts: Mapping[str, object]) -> Problem:
        return Problem(code, sentence, at=self.place(at), **facts)

    def not_carried(self, at: At, value: object) -> None:
        """A cell that has no place here."""
        self.lose(
            "xlsform.column",
            gettext_noop("{column} is not carried: {value}."),
            at,
            column=at.column,
            value=value,
        )


def _place_of(sheet: str) -> tuple[int, str]:
    return (SHEETS.index(sheet) if sheet in SHEETS else len(SHEETS), sheet)


@dataclass(frozen=True)
class Row:
    """One line: cells by column, texts by column and language; empty ones are left out."""

    sheet: str
    line: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def at(self, column: str | None = None) -> At:
        return At(self.sheet, self.line, column)

    def spoken(self, column: str) -> Mapping[str, str]:
        """Language -> text of a column that is translated."""
        return self.texts.get(column, {})


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[str, ...]  # as `Row.cells` and `Row.texts` name them
    languages: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(name: str, lines: Lines, unspoken: str, log: Log, *, exact: bool = False) -> Sheet:
    """The rows under a header; `unspoken`: the language of texts without one; `exact`: outer spaces stay."""
    _, head = lines[0] if lines else (1, [])
    headers = [_Header.of(cell, name, unspoken) if cell.strip() else None for cell in head]
    for index, header in enumerate(headers):
        if header is not None and header in headers[:index]:
            log.refuse(
                "xlsform.duplicate-column",
                gettext_noop("The column {name} stands twice; expected once."),
                At(name, 1, head[index].strip()),
                name=head[index],
            )
        if header is not None and not header.certain:
            at = At(name, 1, head[index].strip())
            log.change(
                "xlsform.language",
                gettext_noop("The language {label} has no code that is known; it becomes {language}."),
                at,
                label=head[index],
                language=header.language,
            )
    columns = [header for header in headers if header is not None]
    rows = [_row(name, line, cells, headers, log, exact) for line, cells in lines[1:]]
    return Sheet(
        name,
        tuple(dict.fromkeys(header.column for header in columns)),
        tuple(dict.fromkeys(header.language for header in columns if header.language is not None)),
        tuple(row for row in rows if row.cells or row.texts),
    )


@dataclass(frozen=True)
class _Header:
    """One column: its name as we call it and, where it is translated, its language."""

    column: str
    language: str | None = None
    labelled: bool = True
    certain: bool = field(default=True, compare=False)

    @classmethod
    def of(cls, cell: str, sheet: str, unspoken: str) -> "_Header":
        plain = " ".join(cell.split())
        base, mark, language = plain.partition("::" if "::" in plain else ":")
        word = base.strip().lower()
        column = ALIASES.get(word, word.replace(" ", "_"))
        if column in TRANSLATED.get(sheet, ()) and not mark:
            return cls(column, unspoken, labelled=False)
        if column in TRANSLATED.get(sheet, ()) and language.strip():
            code, certain = language_of(language)
            return cls(column, code, certain=certain)
        known = ALIASES.get(plain.lower())
        return cls(known or (plain if mark else column))


def _row(
    sheet: str, line: int, cells: Sequence[str], headers: Sequence[_Header | None], log: Log, exact: bool
) -> Row:
    found: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    placed = [(header, cell) for header, cell in zip(headers, cells, strict=False) if cell.strip()]
    for header, cell in sorted(placed, key=lambda one: one[0] is not None and not one[0].labelled):
        text = cell if exact else cell.strip()
        if header is None:
            log.not_carried(At(sheet, line, "without a name"), text)
        elif header.language is None:
            found[header.column] = text
        else:
            spoken = texts.setdefault(header.column, {})
            if spoken.setdefault(header.language, text) != text:
                log.not_carried(At(sheet, line, header.column), text)
    log_beyond = [cell for cell in cells[len(headers) :] if cell.strip()]
    for cell in log_beyond:
        log.not_carried(At(sheet, line, "without a name"), cell.strip())
    return Row(sheet, line, found, texts)


def language_of(label: str) -> tuple[str, bool]:
    """The code of a language as XLSForm labels it, `Italiano (it)`, and whether that is certain."""
    marked = IN_PARENTHESES.search(label)
    if marked:
        return (marked[1].lower() if marked[1].isupper() else marked[1]), True
    word = label.strip().lower()
    for code, names in SPOKEN.items():
        if word in {code, *(name.lower() for name in names)}:
            return code, True
    if LANGUAGE.fullmatch(word):
        return word, len(word) == 2
    return re.sub(r"[^a-z0-9]+", "-", word).strip("-") or "xx", False


def language_label(code: str) -> str:
    """A language as a header and `default_language` name it."""
    return f"{SPOKEN[code][0] if code in SPOKEN else code} ({code})"


def flag(cell: str) -> bool | None:
    """A yes or no as XLSForm writes them; None for anything else, such as a condition."""
    word = cell.strip().lower()
    if word in {"yes", "true", "true()", "1", "si", "sì"}:
        return True
    return False if word in {"", "no", "false", "false()", "0"} else None


def free(wanted: str, taken: Iterable[str]) -> str:
    """The name wanted, with a number behind it where it is taken, whatever its capitals."""
    known, found, number = {name.lower() for name in taken}, wanted, 2
    while found.lower() in known:
        found, number = f"{wanted}-{number}", number + 1
    return found

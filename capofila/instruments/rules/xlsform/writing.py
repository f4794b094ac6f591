"""From an instrument and its words to the sheets of an XLSForm that reads back as the same.

Which part goes where: docs/formats.md, "XLSForm". Every cell is a text. A matrix, scale or tristate
question is a group with one question for each of its rows.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from capofila.instruments.rules.shape import (
    LEVELS,
    SCALE_TOP,
    TRISTATE,
    Instrument,
    Question,
    QuestionWords,
    Words,
)
from capofila.instruments.rules.writing import condition_tree, number_text
from capofila.instruments.rules.xlsform import relevance
from capofila.instruments.rules.xlsform.relevance import Asked
from capofila.instruments.rules.xlsform.vocabulary import (
    CHOICES,
    FILES,
    FORMAT,
    LANGUAGE,
    NAMES,
    SETTINGS,
    SURVEY,
    VARIANTS,
    At,
    Log,
    free,
    language_label,
)
from capofila.instruments.rules.xlsform.xpath import NotCarriedError
from capofila.lib.problems import gettext_noop

LONGEST_CELL = 32_767  # characters, as spreadsheets have it
TYPES = {"level": "select_one", "choice": "select_one", "ticks": "select_multiple"}
ROWS = {"matrix": "select_multiple", "scale": "select_one", "tristate": "select_one"}
WORDED = ("items", "rows", "columns", "points")  # what a language may leave to the codes
RESERVED = {"meta"}
Cells = dict[str, str]
Spoken = Mapping[str, str]  # language -> text


@dataclass
class Page:
    """One sheet to be written: its columns, those without a cell in it left out, and its rows."""

    columns: Sequence[str]
    rows: list[Cells] = field(default_factory=list)

    def lines(self, always: Iterable[str] = ()) -> list[list[str]]:
        used = {column for row in self.rows for column, cell in row.items() if cell} | set(always)
        columns = [column for column in self.columns if column in used]
        return [columns, *([row.get(column, "") for column in columns] for row in self.rows)]


def write_form(
    instrument: Instrument, words: Mapping[str, Words], files: Mapping[str, str], log: Log
) -> dict[str, list[list[str]]]:
    """Sheet -> its lines, the header first; `files`: other files of the folder, carried as they stand.

    What cannot be written is refused in `log`.
    """
    for language in words:
        if not LANGUAGE.fullmatch(language):
            log.refuse(
                "xlsform.language-code",
                gettext_noop("{language} is no code of a language; expected one such as it or pt-BR."),
                At(f"words.{language}.yaml"),
                language=language,
            )
    sheets = _Writer(instrument, dict(sorted(words.items()))).sheets(files)
    for sheet, lines in sheets.items():
        for number, line in enumerate(lines, start=1):
            for column, cell in zip(lines[0], line, strict=True):
                if len(cell) > LONGEST_CELL:
                    log.refuse(
                        "xlsform.too-long",
                        gettext_noop("The text has {length} characters; a cell holds at most {longest}."),
                        At(sheet, number, column),
                        length=len(cell),
                        longest=LONGEST_CELL,
                    )
                if column.startswith(("label::", "hint::", "guidance_hint::")) and "${" in cell:
                    log.change(
                        "xlsform.looks-like-reference",
                        gettext_noop("Other tools take {mark} in this text for a reference: {text}."),
                        At(sheet, number, column),
                        mark="${",
                        text=cell,
                    )
    return sheets


def points(question: Question, params: Mapping[str, str]) -> dict[str, int]:
    """What each choice of a scored question counts, before it is divided by the most there can be."""
    if question.type == "level":
        return {str(level): level - LEVELS[0] for level in LEVELS}
    if question.type == "ticks":
        excluded = question.negative if params.get("negative") != "tick" else frozenset()
        return {item: int(item not in excluded) for item in question.items}
    if question.type == "scale":
        return {str(point): point for point in range(SCALE_TOP + 1)}
    if question.type == "tristate":
        return {word: index for index, word in enumerate(TRISTATE)}
    return dict.fromkeys(question.columns, 1)


class _Writer:
    def __init__(self, instrument: Instrument, words: Mapping[str, Words]) -> None:
        self.instrument = instrument
        self.words = words
        self.survey = Page([
            "type", "name", *self.headers("label"), *self.headers("hint"), *self.headers("guidance_hint"),
            "appearance", "required", "relevant", "capofila_code", "capofila_row", "capofila_type",
            "capofila_dimension", "capofila_weight", "capofila_not_in", "capofila_no_words",
            "capofila_shown_when", *self.headers("capofila_short"),
        ])  # fmt: skip
        self.choices = Page([
            "list_name", "name", *self.headers("label"), "capofila_code", "capofila_level",
            "capofila_score", "capofila_negative",
        ])  # fmt: skip
        self.taken: set[str] = set(RESERVED)
        self.asked: dict[str, Asked] = {}
        for question in instrument.questions:
            codes = _listed(question)
            names = _names(codes) if question.type != "level" else {code: code for code in codes}
            looked_for = question.type in TYPES
            chosen = {name: code for code, name in names.items()} if looked_for else {}
            self.asked[question.code] = Asked(self.name(question.code), question.code, question.type, chosen)

    def headers(self, column: str) -> list[str]:
        return [self.header(column, language) for language in self.words]

    def header(self, column: str, language: str) -> str:
        return f"{column}::{language_label(language)}"

    def spoken(self, column: str, texts: Spoken) -> Cells:
        return {self.header(column, language): text for language, text in texts.items()}

    def name(self, wanted: str) -> str:
        """A name that XLSForm takes and nothing else has, whatever its capitals."""
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", wanted)
        name = free(plain if re.match("[A-Za-z_]", plain) else f"q_{plain}", self.taken)
        self.taken.add(name)
        return name

    def sheets(self, files: Mapping[str, str]) -> dict[str, list[list[str]]]:
        grouped: dict[str, int] = {}
        inside: str | None = None
        for question in self.instrument.questions:
            if question.area != inside:
                if inside is not None:
                    self.survey.rows.append({"type": "end_group"})
                inside = question.area
                self.begin_area(inside, first=inside not in grouped)
                grouped[inside] = 1
            self.question(question)
        self.survey.rows.append({"type": "end_group"})
        found = {
            SURVEY: self.survey.lines(),
            CHOICES: self.choices.lines(["list_name", "name", *self.headers("label")]),
            SETTINGS: self.settings(),
            NAMES: self.names(set(grouped)),
            VARIANTS: self.variants(),
            FILES: _files(files),
        }
        return {sheet: lines for sheet, lines in found.items() if len(lines) > 1 or sheet == CHOICES}

    def begin_area(self, area: str, *, first: bool) -> None:
        name = self.name(area)
        texts = {language: words.names[area] for language, words in self.words.items()}
        self.survey.rows.append({
            "type": "begin_group", "name": name, "capofila_code": "" if name == area else area,
            **(self.spoken("label", texts) if first else {}),
        })  # fmt: skip

    def question(self, question: Question) -> None:
        said = {language: words.questions[question.code] for language, words in self.words.items()}
        name, list_name = self.asked[question.code].name, self.asked[question.code].name
        row: Cells = {
            "name": name,
            "capofila_code": "" if name == question.code else question.code,
            "capofila_type": question.type if question.type in {*TYPES, *ROWS} else "",
            "capofila_dimension": question.dimension or "",
            "capofila_weight": number_text(question.weight) if question.weight != 1 else "",
            "capofila_not_in": shlex.join(
                profile for profile, hidden in self.instrument.profiles.items() if question.code in hidden
            ),
            "capofila_no_words": " ".join(_unworded(question, said)),
            **self.condition(question),
        }
        for column, part in _TEXTS:
            row |= self.spoken(column, {language: getattr(of, part) for language, of in said.items()})
        required = {"required": "yes"} if self.instrument.not_applicable == "refused" else {}
        if question.type not in ROWS:
            type_ = f"{TYPES[question.type]} {list_name}" if question.type in TYPES else question.type
            self.survey.rows.append({"type": type_, **row, **required})
        else:
            self.survey.rows.append({"type": "begin_group", "appearance": "field-list", **row})
            for code in question.rows:
                texts = {language: of.rows.get(code, code) for language, of in said.items()}
                self.survey.rows.append({
                    "type": f"{ROWS[question.type]} {list_name}", "name": self.name(f"{name}.{code}"),
                    "capofila_row": code, **self.spoken("label", texts), **required,
                })  # fmt: skip
            self.survey.rows.append({"type": "end_group"})
        self.choose(question, list_name, said)

    def condition(self, question: Question) -> Cells:
        """The expression; where it does not read back as the same, the condition itself too."""
        if question.shown_when is None:
            return {}
        text = relevance.write_relevant(question.shown_when, self.asked)
        try:
            by_name = {asked.name: asked for asked in self.asked.values()}
            same = relevance.read_relevant(text, by_name).condition == question.shown_when
        except (NotCarriedError, relevance.UnknownChoiceError):
            same = False
        exact = json.dumps(condition_tree(question.shown_when), ensure_ascii=False)
        return {"relevant": text} if same else {"relevant": text, "capofila_shown_when": exact}

    def choose(self, question: Question, list_name: str, said: Mapping[str, QuestionWords]) -> None:
        codes = _listed(question)
        counts = points(question, self.instrument.scoring.params) if question.scored else {}
        for code, name in _names(codes).items():
            texts = {language: _choice_text(question, of, code) for language, of in said.items()}
            self.choices.rows.append({
                "list_name": list_name, "name": name, "capofila_code": "" if name == code else code,
                "capofila_level": code if question.type == "level" else "",
                "capofila_score": str(counts[code]) if code in counts else "",
                "capofila_negative": "yes" if code in question.negative else "",
                **self.spoken("label", texts),
            })  # fmt: skip

    def settings(self) -> list[list[str]]:
        instrument = self.instrument
        languages = [language_label(language) for language in self.words]
        cells = {
            "form_title": f"{instrument.code} {instrument.version}",
            "form_id": instrument.code,
            "version": instrument.version,
            "default_language": language_label("en") if "en" in self.words else languages[0],
            "capofila_format": FORMAT,
            "capofila_source": instrument.source,
            "capofila_scale": f"{number_text(instrument.low)} {number_text(instrument.high)}",
            "capofila_not_applicable": instrument.not_applicable,
            "capofila_min_coverage": number_text(instrument.min_coverage),
            "capofila_bands_edge": instrument.bands.edge if instrument.bands.bands else "",
            "capofila_scoring": instrument.scoring.rule,
            "capofila_scoring_params": " ".join(f"{k}={v}" for k, v in instrument.scoring.params.items()),
        }
        return Page(list(cells), [cells]).lines()

    def names(self, grouped: set[str]) -> list[list[str]]:
        """Areas, dimensions, profiles and bands in their order; an area's name stands at its group."""
        instrument = self.instrument
        listed: list[tuple[str, str, Cells]] = [
            *(("area", code, {}) for code in instrument.areas),
            *(("dimension", code, {}) for code in instrument.dimensions),
            *(("profile", code, {}) for code in instrument.profiles),
            *(
                ("band", band.code, {"low": number_text(band.low), "high": number_text(band.high)})
                for band in instrument.bands.bands
            ),
        ]
        columns = ["kind", "code", "low", "high"]
        page = Page([*columns, *(h for part in ("name", "short", "about") for h in self.headers(part))])
        for kind, code, cells in listed:
            row = {"kind": kind, "code": code, **cells}
            if kind != "area" or code not in grouped:
                row |= self.spoken("name", {lang: words.names[code] for lang, words in self.words.items()})
            for column, part in (("short", "shorts"), ("about", "about")):
                texts = {lang: getattr(words, part).get(code, "") for lang, words in self.words.items()}
                row |= self.spoken(column, texts)
            page.rows.append(row)
        return page.lines()

    def variants(self) -> list[list[str]]:
        """What a profile words otherwise: a row for each text; one without a part where it is nothing."""
        rows: dict[tuple[str, str, str, str], dict[str, str]] = {}
        for language, words in self.words.items():
            for (code, profile), texts in words.variants.items():
                for part, text in texts.items() or [("", "-")]:
                    rows.setdefault((code, profile, part, ""), {})[language] = text
            for code, question in words.questions.items():
                for profile, variant in question.profiles.items():
                    for part, key, text in _variant_texts(variant):
                        rows.setdefault((code, profile, part, key), {})[language] = text
        page = Page(["code", "profile", "part", "key", *self.headers("text")])
        for (code, profile, part, key), texts in rows.items():
            cells = {"code": code, "profile": profile, "part": part, "key": key}
            page.rows.append({**cells, **self.spoken("text", texts)})
        return page.lines()


_TEXTS = (("label", "ask"), ("hint", "why"), ("guidance_hint", "evidence"), ("capofila_short", "short"))


def _listed(question: Question) -> tuple[str, ...]:
    """The codes of the choices of a question, or of its rows."""
    fixed = {
        "level": tuple(str(level) for level in LEVELS),
        "scale": tuple(str(point) for point in range(SCALE_TOP + 1)),
        "tristate": TRISTATE,
    }
    return fixed.get(question.type, question.items or question.columns)


def _names(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of a choice: without spaces, each once."""
    names: dict[str, str] = {}
    for code in codes:
        names[code] = free(re.sub(r"[\s‘’“”]", "_", code), names.values())
    return names


def _choice_text(question: Question, words: QuestionWords, code: str) -> str:
    index = _listed(question).index(code)
    if question.type == "level":
        return words.levels[index]
    if question.type in {"scale", "tristate"}:
        return words.points[index] if words.points else code
    return (words.items if question.items else words.columns).get(code, code)


def _unworded(question: Question, said: Mapping[str, QuestionWords]) -> list[str]:
    """The parts that have no words, and whose codes stand in the form instead."""
    has = {
        "items": question.type in {"ticks", "choice"}, "rows": question.type in ROWS,
        "columns": question.type == "matrix", "points": question.type in {"scale", "tristate"},
    }  # fmt: skip
    return [part for part in WORDED if has[part] and not any(getattr(of, part) for of in said.values())]


def _variant_texts(words: QuestionWords) -> list[tuple[str, str, str]]:
    """(part, key, text) of what a profile words otherwise; one without a part where it is nothing."""
    found = [(part, "", getattr(words, part)) for _, part in _TEXTS if getattr(words, part)]
    found += [("levels", str(level), text) for level, text in zip(LEVELS, words.levels, strict=False)]
    for part in ("items", "rows", "columns"):
        found += [(part, code, text) for code, text in getattr(words, part).items()]
    found += [("points", str(index), text) for index, text in enumerate(words.points)]
    return found or [("", "", "-")]


def _files(files: Mapping[str, str]) -> list[list[str]]:
    page = Page(["file", "text"])
    for name, text in files.items():
        page.rows += [{"file": name, "text": line} for line in text.split("\n")]
    return page.lines(["file", "text"])

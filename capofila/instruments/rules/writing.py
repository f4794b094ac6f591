"""From an `Instrument` and its `Words` to the texts of their files, which read back as the same.

The format in words: docs/formats.md. Texts stand in quotation marks, a question without a condition on
one line.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml

from capofila.instruments.rules.shape import (
    Condition,
    Instrument,
    Question,
    QuestionWords,
    Scoring,
    Test,
    Words,
)

TEXTS = ("short", "ask", "why", "evidence")
PARTS = (*TEXTS, "levels", "items", "rows", "columns", "points")


class _Number(str):
    """A number as it is written."""


class _Quoted(str):
    """A text in quotation marks whatever it looks like."""


class _Flow(dict[str, object]):
    """A mapping on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    plain = _WORD.fullmatch(text) and text.lower() not in _NOT_TEXT
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_WORD = re.compile("[A-Za-z][A-Za-z0-9_.-]*")
_NUMERAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_NOT_TEXT = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}  # to some readers of YAML
_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Number, lambda dumper, number: dumper.represent_scalar(_kind(number), str(number)))
_Dumper.add_representer(
    _Flow,
    lambda dumper, keys: dumper.represent_mapping(
        "tag:yaml.org,2002:map", list(keys.items()), flow_style=True
    ),
)


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def _kind(number: str) -> str:
    return "tag:yaml.org,2002:float" if "." in number else "tag:yaml.org,2002:int"


def number_text(number: Fraction) -> str:
    """A fraction that a file can have held, in digits: 1.8, 3."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    return f"{Decimal(int(number * 10**places)).scaleb(-places):f}"


def instrument_text(instrument: Instrument, comment: str) -> str:
    """The content of `instrument.yaml`; `comment` stands in its first line."""
    tree: dict[str, object] = {
        "code": instrument.code,
        "version": _Quoted(instrument.version),
        "source": instrument.source,
        "scale": [_Number(number_text(end)) for end in (instrument.low, instrument.high)],
        "areas": list(instrument.areas),
    }
    if instrument.dimensions:
        tree["dimensions"] = list(instrument.dimensions)
    if instrument.profiles:
        tree["profiles"] = {
            profile: _Flow(not_applicable=[code for code in instrument.by_code if code in hidden])
            for profile, hidden in instrument.profiles.items()
        }
    tree["not_applicable"] = instrument.not_applicable
    if instrument.min_coverage:
        tree["min_coverage"] = _Number(number_text(instrument.min_coverage))
    if instrument.bands.bands:
        listed = [
            [band.code, _Number(number_text(band.low)), _Number(number_text(band.high))]
            for band in instrument.bands.bands
        ]
        tree["bands"] = _Flow(edge=instrument.bands.edge, list=listed)
    params = {"params": dict(instrument.scoring.params)} if instrument.scoring.params else {}
    tree["scoring"] = _Flow(rule=instrument.scoring.rule, **params)
    weighed = instrument.scoring.rule == Scoring().rule  # the other rule weighs all alike
    tree["questions"] = [_question(question, weighed) for question in instrument.questions]
    return f"# {comment}\n{_dumped(tree)}"


def _question(question: Question, weighed: bool) -> _Flow:
    keys = _Flow(code=question.code, area=question.area)
    if question.dimension is not None:
        keys["dimension"] = question.dimension
    keys["type"] = question.type
    if question.weight != 1 or (weighed and question.scored):
        keys["weight"] = _Number(number_text(question.weight))
    for part in ("items", "rows", "columns"):
        if getattr(question, part):
            keys[part] = list(getattr(question, part))
    if question.negative:
        keys["negative"] = [item for item in question.items if item in question.negative]
    if question.shown_when is not None:
        keys["shown_when"] = condition_tree(question.shown_when)
    return keys


def condition_tree(condition: Condition) -> dict[str, object]:
    """A condition as a file has it: {"all": [{"question": "a", "at_least": "3"}]}."""
    return {condition.join: [_test(test) for test in condition.tests]}


def _test(test: Test | Condition) -> dict[str, object]:
    if isinstance(test, Condition):
        return condition_tree(test)
    number = test.operator in {"at_least", "at_most"} and _NUMERAL.fullmatch(test.operand)
    return {"question": test.question, test.operator: _Number(test.operand) if number else test.operand}


def words_text(words: Words, instrument: Instrument, comment: str) -> str:
    """The content of `words.<language>.yaml`."""
    tree: dict[str, object] = {}
    for code, name in words.names.items():
        keys: dict[str, object] = _Flow(name=name)
        for part, texts in (("short", words.shorts), ("about", words.about)):
            if code in texts:
                keys[part] = texts[code]
        variants = {profile: _Flow(found) for (of, profile), found in words.variants.items() if of == code}
        if variants:
            keys["profiles"] = variants
        tree[code] = keys if len(keys) > 1 else name
    for code in instrument.by_code:
        tree[code] = _said(words.questions[code])
    return f"# {comment}\n{_dumped(_quoted(tree))}"


def _said(words: QuestionWords) -> dict[str, object]:
    keys: dict[str, object] = {}
    for part in PARTS:
        value = getattr(words, part)
        if value:
            keys[part] = (
                dict(value) if isinstance(value, Mapping) else value if part in TEXTS else list(value)
            )
    if words.profiles:
        keys["profiles"] = {profile: _said(variant) for profile, variant in words.profiles.items()}
    return keys


def _quoted(value: object) -> object:
    """The same with every text, though no key, in quotation marks."""
    if isinstance(value, dict):
        return type(value)({key: _quoted(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return [_quoted(inner) for inner in value]
    return _Quoted(value)


def _dumped(tree: object) -> str:
    return yaml.dump(
        tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000, default_flow_style=None
    )

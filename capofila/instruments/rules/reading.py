"""From the tree of an instrument's file to an `Instrument`.

Every mistake is collected with its file, line and code, so that an author sees them all at
once: unknown keys, duplicate codes, weights that are no numbers, conditions on unknown or later
questions and conditions in a circle, bands with gaps or overlaps, scored questions that no
profile shows. Its words are read by `wording`. The format in words: docs/formats.md.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, cast

from capofila.instruments.rules import shape
from capofila.instruments.rules.conditions import ConditionReader, circle, tests_of
from capofila.instruments.rules.shape import (
    Band,
    Bands,
    Instrument,
    Question,
    Scoring,
)
from capofila.lib.checking import joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node

KEYS = (
    "code", "version", "source", "scale", "areas", "dimensions", "profiles", "not_applicable",
    "min_coverage", "bands", "scoring", "questions",
)  # fmt: skip
REQUIRED = ("code", "version", "source", "scale", "areas", "questions")
QUESTION_KEYS = (
    "code", "area", "dimension", "type", "weight", "items", "negative", "rows", "columns", "shown_when",
)  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {  # what a type must list, and may not list otherwise
    "ticks": ("items",),
    "choice": ("items",),
    "matrix": ("rows", "columns"),
    "scale": ("rows",),
    "tristate": ("rows",),
}
RULES: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # scoring rule -> parameter -> its named values
    "weighted-mean": {},
    "eu-dma": {"negative": ("excluded", "tick"), "missing": ("unanswered", "zero")},
}


def read_instrument(tree: Node, file: str, problems: list[Problem]) -> Instrument:
    """The instrument as far as it can be read; what is wrong with it is added to `problems`."""
    return _InstrumentReader(file, problems).read(tree)


class _InstrumentReader(ConditionReader):
    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(file, "instrument", problems)

    def read(self, tree: Node) -> Instrument:
        keys = self.mapping(tree, KEYS, REQUIRED)
        low, high = self.scale(keys.get("scale"))
        areas = self.codes(keys.get("areas"), "areas")
        if "areas" in keys and not areas:
            self.expected("a list with at least one area", keys["areas"], "areas")
        dimensions = self.codes(keys.get("dimensions"), "dimensions")
        questions = tuple(self.questions(keys.get("questions"), areas, dimensions))
        profiles = self.profiles(keys.get("profiles"), questions)
        bands = self.bands(keys.get("bands"), low, high)
        self.check_names(
            tree, areas, dimensions, (*profiles, *(band.code for band in bands.bands)), questions
        )
        return Instrument(
            code=self.text(keys.get("code"), "code"),
            version=self.text(keys.get("version"), "version"),
            source=self.text(keys.get("source"), "source"),
            low=low,
            high=high,
            areas=areas,
            questions=questions,
            dimensions=dimensions,
            profiles=profiles,
            not_applicable=cast(
                Literal["excluded", "zero", "refused"],
                self.choice(
                    keys.get("not_applicable"),
                    "not_applicable",
                    ("excluded", "zero", "refused"),
                    default="excluded",
                ),
            ),
            min_coverage=self.min_coverage(keys.get("min_coverage")),
            bands=bands,
            scoring=self.scoring(keys.get("scoring")),
        )

    def check_names(
        self,
        tree: Node,
        areas: tuple[str, ...],
        dimensions: tuple[str, ...],
        others: tuple[str, ...],
        questions: tuple[Question, ...],
    ) -> None:
        """One code means one thing where words and withheld scores are listed by code."""
        scored = Counter((*areas, *dimensions, "overall"))
        asked = {question.code for question in questions}
        clashing = [code for code, count in scored.items() if count > 1]
        for code in dict.fromkeys((*clashing, *(code for code in (*scored, *others) if code in asked))):
            self.add(
                "duplicate-code",
                gettext_noop("{code} names two things; expected a code of its own for each."),
                tree,
                code,
                code=code,
            )

    def scale(self, node: Node | None) -> tuple[Fraction, Fraction]:
        ends = [self.number(item, "scale", default=Decimal(0)) for item in self.sequence(node, "scale")]
        if node is None or len(ends) != 2 or ends[0] >= ends[1]:
            if node is not None and node.items is not None:
                self.expected("two numbers, the lower first", node, "scale", "scale")
            return Fraction(1), Fraction(5)
        return Fraction(ends[0]), Fraction(ends[1])

    def min_coverage(self, node: Node | None) -> Fraction:
        share = self.number(node, "min_coverage", default=Decimal(0))
        if node is not None and not 0 <= share <= 1:
            self.expected("a share from 0 to 1", node, "min_coverage", "min-coverage")
            return Fraction(0)
        return Fraction(share)

    def questions(
        self, node: Node | None, areas: tuple[str, ...], dimensions: tuple[str, ...]
    ) -> Iterator[Question]:
        read: dict[str, tuple[Question, Node]] = {}
        if node is not None and node.items == []:
            self.expected("a list with at least one question", node, "questions")
        for item in self.sequence(node, "questions"):
            keys = self.mapping(item, QUESTION_KEYS, ("code", "area", "type"), key="questions")
            question = self.question(keys, item, areas, dimensions)
            if question.code in read:
                self.add(
                    "duplicate-code",
                    gettext_noop("The question {code} stands twice; expected each code once."),
                    keys["code"],
                    question.code,
                    code=question.code,
                )
            elif question.code:
                read[question.code] = question, item
        self.check_conditions(list(read.values()))
        yield from (question for question, _ in read.values())

    def question(
        self, keys: dict[str, Node], item: Node, areas: tuple[str, ...], dimensions: tuple[str, ...]
    ) -> Question:
        code = self.text(keys.get("code"), "questions")
        type_ = self.choice(
            keys.get("type"),
            joined(code, "type"),
            (*shape.SCORED, *shape.UNSCORED),
            default="level",
            code="type",
        )
        parts = self.parts(keys, item, code, type_)
        negative = frozenset(self.codes(keys.get("negative"), joined(code, "negative")))
        for extra in sorted(negative - set(parts["items"])):
            self.unknown("negative", extra, parts["items"], keys["negative"], joined(code, "negative"))
        weight = self.number(keys.get("weight"), joined(code, "weight"), default=Decimal(1))
        if "weight" in keys and keys["weight"].number is not None and weight <= 0:
            self.expected("a number above 0", keys["weight"], joined(code, "weight"), "not-a-number")
        dimension = None
        if dimensions and (type_ in shape.SCORED or "dimension" in keys):
            if "dimension" not in keys:
                self.add(
                    "missing-key", gettext_noop("The key {name} is missing; expected it here."), item, code,
                    name="dimension",
                )  # fmt: skip
            dimension = self.choice(
                keys.get("dimension"),
                joined(code, "dimension"),
                dimensions,
                default=dimensions[0],
                code="dimension",
            )
        elif "dimension" in keys:
            self.unknown("dimension", keys["dimension"].text or "", dimensions, keys["dimension"], code)
        return Question(
            code=code,
            area=self.choice(
                keys.get("area"), joined(code, "area"), areas, default=areas[0] if areas else "", code="area"
            ),
            type=cast(shape.Type, type_),
            dimension=dimension,
            weight=Fraction(weight) if weight > 0 else Fraction(1),
            negative=negative,
            shown_when=self.condition(keys["shown_when"], joined(code, "shown_when"))
            if "shown_when" in keys
            else None,
            **parts,
        )

    def parts(self, keys: dict[str, Node], item: Node, code: str, type_: str) -> dict[str, tuple[str, ...]]:
        wanted = PARTS.get(type_, ())
        found: dict[str, tuple[str, ...]] = {}
        for part in ("items", "rows", "columns"):
            found[part] = self.codes(keys.get(part), joined(code, part))
            if part in wanted and not found[part]:
                self.add(
                    "missing-part", gettext_noop("A question of type {type} lists {part}; expected some."),
                    keys.get(part, item), code, type=type_, part=part,
                )  # fmt: skip
            if part not in wanted and part in keys:
                self.add(
                    "extra-part", gettext_noop("A question of type {type} has no {part}; expected none."),
                    keys[part], code, type=type_, part=part,
                )  # fmt: skip
        if "negative" in keys and type_ != "ticks":
            self.add(
                "extra-part", gettext_noop("A question of type {type} has no {part}; expected none."),
                keys["negative"], code, type=type_, part="negative",
            )  # fmt: skip
        return found

    def check_conditions(self, read: list[tuple[Question, Node]]) -> None:
        """Conditions look only at earlier questions that exist; circles are named as circles."""
        position = {question.code: index for index, (question, _) in enumerate(read)}
        by_code = {question.code: question for question, _ in read}
        looks = {q.code: q.shown_when.questions() if q.shown_when else () for q, _ in read}
        for index, (question, node) in enumerate(read):
            key = joined(question.code, "shown_when")
            where = (node.mapping or {}).get("shown_when", node)
            for code in dict.fromkeys(looks[question.code]):
                if code not in position:
                    self.unknown("condition-unknown", code, list(position), where, key)
                elif position[code] >= index:
                    self.add(
                        "condition-later",
                        gettext_noop(
                            "The condition looks at {code}, which comes later; expected an earlier one."
                        ),
                        where,
                        key,
                        code=code,
                    )
            way = circle(question.code, looks)
            if way:
                self.add(
                    "condition-cycle",
                    gettext_noop("The conditions go in a circle: {circle}; expected none."),
                    where,
                    key,
                    circle=" -> ".join(way),
                )
            for test in tests_of(question.shown_when):
                self.check_operand(test, by_code.get(test.question), where, key)

    def profiles(self, node: Node | None, questions: tuple[Question, ...]) -> dict[str, frozenset[str]]:
        if node is None:
            return {}
        known = {question.code: question for question in questions}
        found: dict[str, frozenset[str]] = {}
        for profile, value in self.mapping(node, key="profiles").items():
            keys = self.mapping(value, ("not_applicable",), key=joined("profiles", profile))
            hidden = []
            for code, place in self.placed_codes(keys.get("not_applicable"), joined("profiles", profile)):
                if code in known:
                    hidden.append(code)
                else:
                    self.unknown("profile-question", code, known, place, joined("profiles", profile))
            found[profile] = frozenset(hidden)
        for question in questions:
            if question.scored and found and all(question.code in hidden for hidden in found.values()):
                self.add(
                    "never-shown",
                    gettext_noop("No profile shows {code}, a scored question; expected at least one."),
                    node,
                    joined("profiles", question.code),
                    code=question.code,
                )
        return found

    def bands(self, node: Node | None, low: Fraction, high: Fraction) -> Bands:
        if node is None:
            return Bands("lower", ())
        keys = self.mapping(node, ("edge", "list"), ("edge", "list"), "bands")
        edge = self.choice(keys.get("edge"), "bands: edge", ("lower", "upper"), default="lower")
        found: list[Band] = []
        placed: list[Node] = []
        for item in self.sequence(keys.get("list"), "bands"):
            cells = self.sequence(item, "bands")
            if len(cells) != 3 or cells[0].text is None or cells[1].number is None or cells[2].number is None:
                self.expected("[code, from, to]", item, "bands", "band")
                continue
            found.append(Band(cells[0].text, Fraction(cells[1].number), Fraction(cells[2].number)))
            placed.append(item)
        self.check_bands(found, placed, keys.get("list", node), low, high)
        return Bands(cast(Literal["lower", "upper"], edge), tuple(found))

    def check_bands(
        self, found: list[Band], placed: list[Node], node: Node, low: Fraction, high: Fraction
    ) -> None:
        gap = gettext_noop("From {start} to {end} no band holds the score; expected bands without a gap.")
        beyond = gettext_noop("A band reaches {end}, beyond the scale; expected it to end at {edge}.")
        overlap = gettext_noop(
            "From {start} to {end} two bands hold the score; expected bands without an overlap."
        )
        reached = low
        seen: set[str] = set()
        for band, place in zip(found, placed, strict=True):
            if band.code in seen:
                self.add(
                    "duplicate-code", gettext_noop("{code} stands twice; expected once."), place, "bands",
                    code=band.code,
                )  # fmt: skip
            seen.add(band.code)
            if band.low >= band.high:
                self.expected("a band whose first number is the lower", place, "bands", "band")
            if band.low > reached:
                self.add("band-gap", gap, place, "bands", start=float(reached), end=float(band.low))
            if band.low < low:
                self.add("band-beyond", beyond, place, "bands", end=float(band.low), edge=float(low))
            elif band.low < reached:
                end = min(reached, band.high)
                self.add("band-overlap", overlap, place, "bands", start=float(band.low), end=float(end))
            reached = max(reached, band.high)
        if reached < high:
            self.add("band-gap", gap, node, "bands", start=float(reached), end=float(high))
        if reached > high:
            self.add("band-beyond", beyond, node, "bands", end=float(reached), edge=float(high))

    def scoring(self, node: Node | None) -> Scoring:
        if node is None:
            return Scoring()
        keys = self.mapping(node, ("rule", "params"), ("rule",), "scoring")
        rule = self.choice(
            keys.get("rule"), "scoring: rule", RULES, default="weighted-mean", code="scoring-rule"
        )
        params = {}
        known = RULES[rule]
        for name, value in self.mapping(keys.get("params", Node({})), known, key="scoring: params").items():
            params[name] = self.choice(value, f"scoring: {name}", known[name], default=known[name][0])
        return Scoring(rule, params)

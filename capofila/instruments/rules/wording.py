"""From the trees of an instrument's words files to its `Words`.

Every mistake is collected with its file, line and code: unknown keys, level texts that are
missing, words that one language has and another lacks. The format in words: docs/formats.md.
"""

from collections.abc import Mapping
from dataclasses import replace

from capofila.instruments.rules import shape
from capofila.instruments.rules.shape import Instrument, Question, QuestionWords, Words
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node

WORD_KEYS = ("short", "ask", "why", "evidence", "levels", "items", "rows", "columns", "points", "profiles")
NAME_KEYS = ("name", "short", "about")


def read_words(
    tree: Node, file: str, language: str, instrument: Instrument, problems: list[Problem]
) -> Words:
    """The texts of one language, checked against the instrument's codes."""
    return _WordsReader(file, language, instrument, problems).read(tree)


class _WordsReader(Checker):
    def __init__(self, file: str, language: str, instrument: Instrument, problems: list[Problem]) -> None:
        super().__init__(file, "words", problems)
        self.language = language
        self.instrument = instrument

    def read(self, tree: Node) -> Words:
        instrument = self.instrument
        names = (
            *instrument.areas,
            *instrument.dimensions,
            *(band.code for band in instrument.bands.bands),
            *instrument.profiles,
        )
        keys = self.mapping(tree, (*names, *instrument.by_code))
        read: dict[str, dict[str, str]] = {part: {} for part in NAME_KEYS}
        variants: dict[tuple[str, str], dict[str, str]] = {}
        questions: dict[str, QuestionWords] = {}
        for code in dict.fromkeys((*names, *instrument.by_code)):
            if code not in keys:
                self.add(
                    "missing-word",
                    gettext_noop("{code} has no words in {language}; expected them."),
                    tree,
                    code,
                    code=code,
                    language=self.language,
                )
            elif code in instrument.by_code:
                questions[code] = self.question(keys[code], instrument.by_code[code])
            else:
                for part, text in self.name(keys[code], code, variants).items():
                    read[part][code] = text
        return Words(self.language, read["name"], read["short"], read["about"], variants, questions)

    def name(self, node: Node, code: str, variants: dict[tuple[str, str], dict[str, str]]) -> dict[str, str]:
        """A plain text, or a mapping of name, short and about; its `profiles` go to `variants`."""
        if node.mapping is None:
            return {"name": self.text(node, code)}
        keys = self.mapping(node, (*NAME_KEYS, "profiles"), ("name",), code)
        place = joined(code, "profiles")
        profiles = self.mapping(keys.pop("profiles", Node({})), self.instrument.profiles, (), place)
        for profile, value in profiles.items():
            inner = self.mapping(value, NAME_KEYS, (), joined(place, profile))
            variants[code, profile] = {
                part: self.text(text, joined(place, part)) for part, text in inner.items()
            }
        return {part: self.text(value, joined(code, part)) for part, value in keys.items()}

    def question(self, node: Node, question: Question) -> QuestionWords:
        keys = self.mapping(node, WORD_KEYS, ("ask",), question.code)
        if question.type == "level" and "levels" not in keys:
            self.missing_level(node, question.code, 0)
        variants: dict[str, QuestionWords] = {}
        if "profiles" in keys:
            place = joined(question.code, "profiles")
            for profile, value in self.mapping(keys["profiles"], self.instrument.profiles, key=place).items():
                inner = self.mapping(value, WORD_KEYS[:-1], key=joined(place, profile))
                variants[profile] = self.texts(inner, question, joined(place, profile))
        return replace(self.texts(keys, question, question.code), profiles=variants)

    def texts(self, keys: dict[str, Node], question: Question, key: str) -> QuestionWords:
        return QuestionWords(
            ask=self.text(keys.get("ask"), joined(key, "ask")),
            short=self.text(keys.get("short"), joined(key, "short")),
            why=self.text(keys.get("why"), joined(key, "why")),
            evidence=self.text(keys.get("evidence"), joined(key, "evidence")),
            levels=self.levels(keys.get("levels"), question, key),
            items=self.part(keys.get("items"), question.items, joined(key, "items")),
            rows=self.part(keys.get("rows"), question.rows, joined(key, "rows")),
            columns=self.part(keys.get("columns"), question.columns, joined(key, "columns")),
            points=self.points(keys.get("points"), question, key),
        )

    def levels(self, node: Node | None, question: Question, key: str) -> tuple[str, ...]:
        if node is None:
            return ()
        if question.type != "level":
            self.add(
                "extra-levels", gettext_noop("A question of type {type} has no levels; expected none."),
                node, key, type=question.type,
            )  # fmt: skip
        texts = [item.text or "" for item in self.sequence(node, joined(key, "levels"))]
        for number in shape.LEVELS:
            if number > len(texts) or not texts[number - 1].strip():
                self.missing_level(node, key, number)
        if len(texts) > len(shape.LEVELS):
            self.expected("five levels", node, joined(key, "levels"), "levels")
        return tuple(texts)

    def missing_level(self, node: Node, key: str, number: int) -> None:
        self.add(
            "missing-level",
            gettext_noop("The text of level {number} is missing in {language}; expected five levels."),
            node,
            joined(key, "levels"),
            number=number or "1 to 5",
            language=self.language,
        )

    def part(self, node: Node | None, codes: tuple[str, ...], key: str) -> dict[str, str]:
        if node is None:
            return {}
        keys = self.mapping(node, codes, codes, key)
        return {code: self.text(value, joined(key, code)) for code, value in keys.items()}

    def points(self, node: Node | None, question: Question, key: str) -> tuple[str, ...]:
        if node is None:
            return ()
        wanted = {"scale": shape.SCALE_TOP + 1, "tristate": len(shape.TRISTATE)}.get(question.type, 0)
        texts = tuple(
            self.text(item, joined(key, "points")) for item in self.sequence(node, joined(key, "points"))
        )
        if len(texts) != wanted:
            self.expected(f"{wanted} texts", node, joined(key, "points"), "points")
        return texts


def check_languages(words: Mapping[str, tuple[Words, str]], problems: list[Problem]) -> None:
    """What one language says of a question, every language says; `words` gives language -> (words, file)."""
    parts = ("short", "why", "evidence", "items", "rows", "columns", "points")
    codes = dict.fromkeys(code for spoken, _ in words.values() for code in spoken.questions)
    for code in codes:
        for part in parts:
            given = [lang for lang, (spoken, _) in words.items() if _has(spoken, code, part)]
            for language, (spoken, file) in words.items():
                if given and language not in given and code in spoken.questions:
                    Checker(file, "words", problems).add(
                        "missing-word",
                        gettext_noop(
                            "{code} has no {part} in {language}, but has it in {given}; expected it."
                        ),
                        None,
                        joined(code, part),
                        code=code,
                        part=part,
                        language=language,
                        given=", ".join(given),
                    )


def _has(words: Words, code: str, part: str) -> bool:
    return code in words.questions and bool(getattr(words.questions[code], part))

"""From the trees of an area's words to `ActionWords`.

Every mistake is collected with its file, line and code: texts that are missing, numbers of steps
that differ between the languages, a step that many actions share. The format: docs/formats.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node
from capofila.roadmap.rules.shape import LISTS, PARTS, TEXTS, ActionWords

STEPS = range(3, 7)  # how many steps an action has
MISTAKES = range(2, 4)
MOST_SHARED = 3  # actions that may use the same step


def read_words(
    tree: Node,
    file: str,
    language: str,
    actions: Collection[str],
    profiles: Collection[str],
    problems: list[Problem],
) -> dict[str, ActionWords]:
    """The texts of one area's actions in one language, checked against their codes."""
    return _WordsReader(file, language, actions, profiles, problems).read(tree)


class _WordsReader(Checker):
    def __init__(
        self,
        file: str,
        language: str,
        actions: Collection[str],
        profiles: Collection[str],
        problems: list[Problem],
    ) -> None:
        super().__init__(file, "action-words", problems)
        self.language = language
        self.actions = actions
        self.profiles = profiles

    def read(self, tree: Node) -> dict[str, ActionWords]:
        keys = self.mapping(tree, self.actions)
        for code in self.actions:
            if code not in keys:
                self.add(
                    "missing-word",
                    gettext_noop("{code} has no words in {language}; expected them."),
                    tree,
                    code,
                    code=code,
                    language=self.language,
                )
        return {code: self.action(node, code) for code, node in keys.items()}

    def action(self, node: Node, code: str) -> ActionWords:
        keys = self.mapping(node, (*PARTS, "profiles"), PARTS, code)
        place = joined(code, "profiles")
        variants = self.mapping(keys.pop("profiles", Node({})), self.profiles, key=place)
        words = self.texts(keys, code)
        return replace(
            words,
            profiles={
                profile: self.texts(
                    self.mapping(inner, PARTS, key=joined(place, profile)), joined(place, profile)
                )
                for profile, inner in variants.items()
            },
        )

    def texts(self, keys: Mapping[str, Node], key: str) -> ActionWords:
        return ActionWords(
            profiles={},
            **{part: self.text(keys.get(part), joined(key, part)) for part in TEXTS},
            steps=self.sentences(keys.get("steps"), joined(key, "steps"), STEPS),
            mistakes=self.sentences(keys.get("mistakes"), joined(key, "mistakes"), MISTAKES),
        )

    def sentences(self, node: Node | None, key: str, wanted: range) -> tuple[str, ...]:
        if node is None:
            return ()
        found = tuple(self.text(item, key) for item in self.sequence(node, key))
        if len(found) not in wanted:
            self.expected(f"{wanted[0]} to {wanted[-1]} sentences", node, key, "count")
        return found


def check_languages(
    spoken: Mapping[str, Mapping[str, tuple[ActionWords, str]]], problems: list[Problem]
) -> None:
    """Every language says as much of an action as the others: language -> code -> (words, file)."""
    codes = dict.fromkeys(code for words in spoken.values() for code in words)
    for code in codes:
        shapes = {language: _shape(words[code][0]) for language, words in spoken.items() if code in words}
        given = dict.fromkeys(key for shape in shapes.values() for key in shape)
        for key in given:
            counts = {language: shape.get(key, 0) for language, shape in shapes.items()}
            if len(set(counts.values())) > 1:
                language = min(counts, key=lambda name: counts[name])
                Checker(spoken[language][code][1], "action-words", problems).add(
                    "languages-differ",
                    gettext_noop(
                        "The languages differ in how many texts there are: {counts}; expected the same."
                    ),
                    None,
                    joined(code, key),
                    counts=", ".join(f"{name} {count}" for name, count in sorted(counts.items())),
                )


def _shape(words: ActionWords) -> dict[str, int]:
    """How many texts each part has, those of the profiles' variants by profile."""
    shape = {part: len(getattr(words, part)) for part in LISTS}
    for profile, variant in words.profiles.items():
        for part in PARTS:
            value = getattr(variant, part)
            if value:
                shape[f"profiles: {profile}: {part}"] = len(value) if isinstance(value, tuple) else 1
    return shape


def check_steps(words: Iterable[tuple[str, ActionWords, str]], problems: list[Problem]) -> None:
    """No step stands in more than three actions of one language: (code, words, file) of each action."""
    users: dict[str, dict[str, str]] = defaultdict(dict)
    for code, spoken, file in words:
        for variant in (spoken, *spoken.profiles.values()):
            for step in variant.steps:
                users[" ".join(step.split()).casefold()][code] = file
    for step, codes in users.items():
        if len(codes) > MOST_SHARED:
            last = list(codes)[-1]
            Checker(codes[last], "action-words", problems).add(
                "shared-step",
                gettext_noop("The step “{step}” stands in {count} actions; expected at most {most}."),
                None,
                joined(last, "steps"),
                step=step,
                count=len(codes),
                most=MOST_SHARED,
            )

"""What a goal requires of the answers: from the tree of data/goals.yaml to `GoalPack`s.

Every mistake is collected with its file, line and code. A pack names questions of one
instrument; for another instrument it asks nothing.
"""

from capofila.instruments.rules.shape import LEVELS, Instrument
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node
from capofila.roadmap.rules.shape import GoalPack

PARTS = ("requires", "missing")


def read_packs(
    tree: Node, file: str, instrument: Instrument, languages: tuple[str, ...], problems: list[Problem]
) -> dict[str, GoalPack]:
    """Goal -> pack; what is wrong is added to `problems`."""
    return _PacksReader(file, instrument, languages, problems).read(tree)


class _PacksReader(Checker):
    def __init__(
        self, file: str, instrument: Instrument, languages: tuple[str, ...], problems: list[Problem]
    ) -> None:
        super().__init__(file, "goals", problems)
        self.instrument = instrument
        self.languages = languages

    def read(self, tree: Node) -> dict[str, GoalPack]:
        keys = self.mapping(tree, ("goals",), ("goals",))
        return {
            goal: self.pack(goal, node) for goal, node in self.mapping(keys.get("goals", Node({}))).items()
        }

    def pack(self, goal: str, node: Node) -> GoalPack:
        keys = self.mapping(node, (*self.languages, *PARTS), self.languages, goal)
        for language in self.languages:
            self.text(keys.get(language), joined(goal, language))
        return GoalPack(
            goal,
            self.requires(keys.get("requires", Node({})), joined(goal, "requires")),
            self.missing(keys.get("missing", Node({})), joined(goal, "missing")),
        )

    def requires(self, node: Node, key: str) -> dict[str, int]:
        found = {}
        questions = self.instrument.by_code
        for code, value in self.mapping(node, key=key).items():
            level = value.integer
            if code not in questions:
                self.unknown("unknown-question", code, questions, value, key)
            elif level is None or not LEVELS[0] < level <= LEVELS[-1]:
                self.expected(f"a level from {LEVELS[1]} to {LEVELS[-1]}", value, joined(key, code), "level")
            else:
                found[code] = level
        return found

    def missing(self, node: Node, key: str) -> dict[str, tuple[str, ...]]:
        """Language -> what the questionnaire does not ask, a sentence each."""
        found = {}
        for language, value in self.mapping(node, self.languages, key=key).items():
            items = value.items if value.items is not None else [value]
            found[language] = tuple(self.text(item, joined(key, language)) for item in items)
        counts = {len(texts) for texts in found.values()}
        if found and (len(counts) > 1 or len(found) < len(self.languages)):
            self.add(
                "languages-differ",
                gettext_noop("The languages differ in how many texts there are; expected the same in each."),
                node,
                key,
            )
        return found

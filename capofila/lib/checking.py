"""Read a tree key by key and collect every mistake with its place, instead of stopping at one."""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from capofila.lib.problems import Phrase, Place, Problem, gettext_noop, nearest
from capofila.lib.sources import Node


class Checker:
    """Collects the problems of one file; `prefix` names the kind of file in their codes."""

    def __init__(self, file: str, prefix: str, problems: list[Problem]) -> None:
        self.file = file
        self.prefix = prefix
        self.problems = problems

    def add(
        self, code: str, sentence: str, node: Node | None, key: str | None = None, /, **facts: object
    ) -> None:
        at = Place(self.file, line=node.line if node else None, key=key)
        self.problems.append(Problem(f"{self.prefix}.{code}", sentence, at=at, **facts))

    def mapping(
        self,
        node: Node,
        known: Collection[str] | None = None,
        required: Iterable[str] = (),
        key: str | None = None,
    ) -> dict[str, Node]:
        """The keys of a mapping, those not in `known` reported (None: any key), missing ones too."""
        found = node.mapping
        if found is None:
            self.expected("a mapping", node, key)
            return {}
        kept = {}
        for name, value in found.items():
            if known is None or name in known:
                kept[name] = value
            else:
                self.unknown("unknown-key", name, known, value, joined(key, name))
        for name in required:
            if name not in found:
                self.add(
                    "missing-key",
                    gettext_noop("The key {name} is missing; expected it here."),
                    node,
                    key,
                    name=name,
                )
        return kept

    def unknown(self, code: str, word: str, known: Iterable[str], node: Node | None, key: str | None) -> None:
        """A word that is not among the known ones, with the nearest or with all of them."""
        choices = list(known)
        meant = nearest(word, choices)
        if meant is not None:
            self.add(
                code,
                gettext_noop("{word} is not known; did you mean {meant}?"),
                node,
                key,
                word=word,
                meant=meant,
            )
        else:
            listed = ", ".join(choices[:12]) or "none"
            self.add(
                code,
                gettext_noop("{word} is not known; expected one of: {known}."),
                node,
                key,
                word=word,
                known=listed,
            )

    def expected(
        self, what: str, node: Node, key: str | None, code: str = "type", /, **facts: object
    ) -> None:
        """`what` is translated like a sentence; `facts` are what it names in braces."""
        many = node.mapping is not None or node.items is not None
        self.add(
            code,
            gettext_noop("The value is {value}; expected {what}."),
            node,
            key,
            value=Phrase(node.shown()) if many else node.shown(),
            what=Phrase(what, facts),
        )

    def sequence(self, node: Node | None, key: str) -> list[Node]:
        if node is None:
            return []
        if node.items is None:
            self.expected("a list", node, key)
            return []
        return node.items

    def text(self, node: Node | None, key: str, *, default: str = "") -> str:
        """A text with something in it."""
        if node is None:
            return default
        if node.text is None or not node.text.strip():
            self.expected("a text", node, key, "empty-text" if node.text is not None else "type")
            return default
        return node.text

    def number(self, node: Node | None, key: str, *, default: Decimal) -> Decimal:
        if node is None:
            return default
        if node.number is None:
            self.expected("a number", node, key, "not-a-number")
            return default
        return node.number

    def choice(
        self, node: Node | None, key: str, known: Collection[str], *, default: str, code: str = "choice"
    ) -> str:
        if node is None:
            return default
        if node.text is None:
            self.expected("one of: {known}", node, key, code, known=", ".join(known))
            return default
        if node.text not in known:
            self.unknown(code, node.text, known, node, key)
            return default
        return node.text

    def codes(self, node: Node | None, key: str) -> tuple[str, ...]:
        """A list of words, each once."""
        return tuple(code for code, _ in self.placed_codes(node, key))

    def placed_codes(self, node: Node | None, key: str) -> Iterator[tuple[str, Node]]:
        seen = set()
        for item in self.sequence(node, key):
            code = self.text(item, key)
            if code in seen:
                self.add(
                    "duplicate-code",
                    gettext_noop("{code} stands twice; expected once."),
                    item,
                    key,
                    code=code,
                )
            elif code:
                seen.add(code)
                yield code, item


def joined(key: str | None, name: str) -> str:
    return name if key is None else f"{key}: {name}"

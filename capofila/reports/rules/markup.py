"""The small markup in which a consultant writes a text of the report, and back from a text to it.

    A blank line begins a paragraph. **strong**, *emphasis*, ***both***.
    - a line that begins so is an item of a list
    1. so it is an item of a numbered list
    \\* and \\- stand for the sign itself

There is no other sign: a tag, a link or half a pair of asterisks is text like any other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from capofila.lib.document import Block, Bullets, Inline, Paragraph, Run

LONGEST = 20_000  # characters of one text

_ITEM = re.compile(r"[ \t]*(?:([-*])|(\d{1,3})\.)[ \t]+(?=\S)")
_PAIR = re.compile(r"(\*{1,3})(?![\s*])((?:\\.|[^*\\])*?(?:\\.|[^*\\\s]))\1|\\([\\*.\-])")
_UNSPOKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BEGINS_AN_ITEM = re.compile(r"(?=-(?:\s|$))|(?<=\d)(?=\.(?:\s|$))")


def parse(text: str, *, small: bool = False) -> tuple[Block, ...]:
    """Paragraphs and lists, in order; `small` sets them as side notes are. Any text can be read."""
    return tuple(_blocks(cleaned(text).split("\n"), small))


def cleaned(text: str) -> str:
    """Without signs that no file can hold, and with one kind of line end."""
    return _UNSPOKEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _blocks(lines: Iterable[str], small: bool) -> Iterator[Block]:
    """Lines that belong together, each group a block."""
    group: list[str] = []
    kind = ""  # of the group: "" a paragraph, "-" a list, "1" a numbered one
    for line in [*lines, ""]:
        item = _ITEM.match(line)
        if item is not None:
            begins = "-" if item[1] else "1"
            if begins != kind:
                yield from _closed(group, kind, small)
                group, kind = [], begins
            group.append(line[item.end() :].strip())
        elif line.strip() and group:
            group[-1] = f"{group[-1]} {line.strip()}"
        elif line.strip():
            group, kind = [line.strip()], ""
        else:
            yield from _closed(group, kind, small)
            group, kind = [], ""


def _closed(group: Sequence[str], kind: str, small: bool) -> Iterator[Block]:
    if not group:
        return
    if kind:
        yield Bullets(tuple(_inline(line) for line in group), ordered=kind == "1", small=small)
    else:
        yield Paragraph(_inline(group[0]), "small" if small else "body")


def _inline(line: str) -> Inline:
    """A string where nothing is set apart, else pieces."""
    runs, plain, end = [], "", 0
    for found in _PAIR.finditer(line):
        plain += line[end : found.start()]
        end = found.end()
        if found[3]:
            plain += found[3]
            continue
        if plain:
            runs.append(Run(plain))
            plain = ""
        runs.append(Run(_unescaped(found[2]), strong=len(found[1]) > 1, emphasis=len(found[1]) != 2))
    plain += line[end:]
    if not runs:
        return plain
    return tuple([*runs, Run(plain)] if plain else runs)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\*.\-])", r"\1", text)


def write(blocks: Iterable[Block]) -> str:
    """Paragraphs and lists in the markup; other blocks (a table, a chart) have no place in it."""
    said = []
    for block in blocks:
        if isinstance(block, Paragraph):
            said.append(_at_the_beginning(_written(block.text)))
        elif isinstance(block, Bullets):
            signs = (f"{place}." if block.ordered else "-" for place in range(1, len(block.items) + 1))
            said.append(
                "\n".join(f"{sign} {_written(item)}" for sign, item in zip(signs, block.items, strict=False))
            )
    return "\n\n".join(said)


def _at_the_beginning(text: str) -> str:
    """A paragraph that begins like an item of a list, so that it does not become one."""
    if _ITEM.match(text) is None:
        return text
    return _BEGINS_AN_ITEM.sub(r"\\", text, count=1)


def _written(inline: Inline) -> str:
    pieces = [inline] if isinstance(inline, str) else inline
    return " ".join("".join(_piece(piece) for piece in pieces).split())


def _piece(piece: Run | str) -> str:
    run = Run(piece) if isinstance(piece, str) else piece
    text = re.sub(r"[\\*]", r"\\\g<0>", run.text)
    signs = "*" * (2 * run.strong + run.emphasis)
    bare = text.strip()
    if not signs or not bare:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{signs}{bare}{signs}{after}"

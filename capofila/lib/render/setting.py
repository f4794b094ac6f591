"""Text as the PDF can set it: characters that the fonts have, words that their column holds.

What no font of ours can show would fail PDF/A, so it becomes the replacement character; words wider
than their column get places to break. Lengths are millimetres, sizes of type are points.
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from capofila.lib import charts
from capofila.lib.charts import text as measure
from capofila.lib.document import Inline, Run

POINT = 25.4 / 72
BREAK, NEW_LINE = 0, 1  # pieces of text that are not text
REPLACEMENT = "\ufffd"

Json: TypeAlias = dict[str, Any]
Words: TypeAlias = str | list[str | int | Json]


_SPACES = re.compile("[ \t\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Latin of Europe, Greek and Cyrillic: what our fonts lack of them, Libertinus has, which is part of typst.
_STAND_INS = (0x100, 0x17F), (0x384, 0x3CE), (0x400, 0x45F), (0x1F00, 0x1FFE)
_LOOK_ALIKE = {"\u2010": "-", "\u2012": "–", "\u2015": "—", "\u2022": "·"}
_UNSEEN = {"Cc", "Cf", "Cs", "Cn"}  # control, formatting, half a character, no character


def clean(text: str) -> str:
    """What can be printed of it: lines end in \\n, no control characters, no character without a form."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    return "".join(shown(character) for character in text)


def named(text: str) -> str:
    """One line, never empty: PDF/UA refuses a heading or a picture without words."""
    return " ".join(clean(text).split()) or charts.DASH


@lru_cache(maxsize=4096)
def shown(character: str) -> str:
    """The character itself; or what it is made of, its letter without accents, a sign that it is missing."""
    if character == "\n" or ord(character) in _characters():
        return character
    if unicodedata.category(character) in _UNSEEN or "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return ""
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in parts if not unicodedata.combining(c))
    if bare in _LOOK_ALIKE:
        return _LOOK_ALIKE[bare]
    if all(ord(c) in _characters() for c in bare):
        return bare  # empty for a lone accent
    return REPLACEMENT


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """What every style of one of the two families can show: a family stands in for the other."""
    import font_source_sans_pro  # noqa: PLC0415 (only who renders needs them)
    import font_source_serif_pro  # noqa: PLC0415

    families = (font_source_sans_pro, "SourceSansPro"), (font_source_serif_pro, "SourceSerifPro")
    known: set[int] = set()
    for package, name in families:
        files = (package.font_files_ttf[name + style] for style in ("", "It", "Semibold", "SemiboldIt"))
        known |= set.intersection(*(characters_of(Path(file).read_bytes()) for file in files))
    known.update(code for first, last in _STAND_INS for code in range(first, last + 1))
    return frozenset(code for code in known if unicodedata.category(chr(code)) not in _UNSEEN)


def characters_of(font: bytes) -> set[int]:
    """Code points that a TrueType font has a form for: its `cmap` table, formats 4 and 12."""
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    found: set[int] = set()
    for at in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHI", font, start + 4 + 8 * at)[2]
        form = struct.unpack_from(">H", font, offset)[0]
        if form == 4:
            found |= _format_4(font, offset)
        elif form == 12:
            groups = struct.unpack_from(">I", font, offset + 12)[0]
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", font, offset + 16 + 12 * group)
                found.update(range(first, last + 1))
    return found


def _format_4(font: bytes, offset: int) -> set[int]:
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, offset + 16 + 4 * count)
    ranges_at = offset + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for at, (first, last, delta, shift) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if shift:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * at + shift + 2 * (code - first))[0]
            if (glyph + delta) & 0xFFFF if glyph or not shift else 0:
                found.add(code)
    return found


@dataclass(frozen=True)
class Room:
    """Where text stands: how wide, in which size; `hyphens` when words are broken by hyphens there.

    Text is measured on the sans. The serif is up to a quarter wider, a tenth in running text.
    """

    width: float
    size: float
    serif: bool = False
    hyphens: bool = False

    def holds(self, word: str) -> bool:
        em = self.size * POINT
        if len(word) * em < self.width:  # hardly a letter is wider than the size
            return True
        return measure.width(word, em) * (1.24 if self.serif else 1.06) <= self.width

    def height(self, text: str) -> float:
        """About how high a text becomes, on the high side."""
        a_line = self.width * (0.87 if self.serif else 0.92)  # lines are not full to the end
        lines = sum(1 + int(measure.width(line, self.size * POINT) / a_line) for line in text.split("\n"))
        return lines * self.size * POINT * 1.29


_WORD = re.compile(r"([^ \n]{5,}|\n)")
_JOINTS = re.compile(r"(?<=[-–—/.,;:_@\\&=?+|])(?=.)")


def words(inline: Inline, room: Room) -> Words:
    """Text as the template takes it: a string, or a list of strings, breaks and runs."""
    if isinstance(inline, str):
        return _broken(clean(inline).strip("\n"), room)
    pieces: list[str | int | Json] = []
    for run in inline:
        if isinstance(run, str):
            run = Run(run)
        text = _broken(clean(run.text), room)
        if run.strong or run.emphasis or run.link is not None:
            styles = {"strong": run.strong, "emphasis": run.emphasis, "link": run.link}
            pieces.append({"text": text, **{name: style for name, style in styles.items() if style}})
        else:
            pieces += [text] if isinstance(text, str) else text
    return pieces


def _broken(text: str, room: Room) -> Words:
    if "\n" not in text and room.holds(max(text.split(" "), key=len)):
        return text
    pieces: list[str | int | Json] = []
    for part in _WORD.split(text):
        if part == "\n":
            pieces.append(NEW_LINE)
        elif room.holds(part) or " " in part:
            pieces += [part] if part else []
        else:
            pieces += _chopped(part, room)
    return pieces


def _chopped(word: str, room: Room) -> Iterator[str | int | Json]:
    """A word with places to break: at its joints, by hyphens, or else anywhere."""
    for at, part in enumerate(_JOINTS.split(word)):
        if at:
            yield BREAK
        if room.holds(part):
            yield part
        elif part.isalpha() and len(part) <= 30:
            yield part if room.hyphens else {"text": part, "hyphens": True}
        else:
            for start in range(0, len(part), 3):
                if start:
                    yield BREAK
                yield part[start : start + 3]


def plain(inline: Inline) -> str:
    if isinstance(inline, str):
        return inline
    return "".join(run if isinstance(run, str) else run.text for run in inline)


# Links

"""Text as it will be drawn: made safe for XML, measured on the real fonts, broken into lines.

Widths are those of Source Sans Pro without kerning, which is never narrower than a browser's or
typst's by more than a hair; a character the font lacks counts as one em when it is a wide one.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from functools import cache, lru_cache
from xml.sax.saxutils import escape as _escape

from PIL import ImageFont

FAMILY = "Source Sans Pro"
REGULAR, STRONG = 400, 600
HARD_SPACE = "\u00a0"

_FONT_NAMES = {REGULAR: "SourceSansPro", STRONG: "SourceSansProSemibold"}
_EM = 1000  # measured at this size, so widths are exact font units
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"(?<= )(?=[^ ])|(?<=[^\W\d_][/-])(?=[^\W\d_])")
_HARD = {HARD_SPACE, "\u202f"}  # spaces at which no line breaks
_INVISIBLE = {"Cc", "Cs", "Cf", "Cn"}  # control, lone surrogate, formatting, no character


def clean(text: str) -> str:
    """One line without control characters; no-break spaces stay."""
    kept = _SPACES.sub(lambda found: found[0] if set(found[0]) <= _HARD else " ", text)
    return "".join(c for c in kept if unicodedata.category(c) not in _INVISIBLE).strip(" ")


def escape(text: str) -> str:
    """Ready to stand in an element or in a double-quoted attribute."""
    return _escape(clean(text), {'"': "&quot;"})


@cache
def _font(weight: int) -> ImageFont.FreeTypeFont:
    files = importlib.import_module("font_source_sans_pro").font_files_ttf
    return ImageFont.truetype(files[_FONT_NAMES[weight]], _EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _em_width(text: str, weight: int) -> float:
    narrow = "".join(c for c in text if unicodedata.east_asian_width(c) not in "WF")
    return _font(weight).getlength(narrow) / _EM + (len(text) - len(narrow))


def width(text: str, size: float, weight: int = REGULAR) -> float:
    return _em_width(clean(text), weight) * size


def wrap(text: str, room: float, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """Lines no wider than `room`, at least one; a word that is wider is broken inside."""
    lines = [""]
    for word in _words(clean(text)):
        if width(lines[-1] + word, size, weight) <= room:
            lines[-1] += word
        else:
            lines.extend(_pieces(word, room, size, weight))
    return tuple(line.strip(" ") for line in lines if line.strip(" ")) or ("",)


def longest_word(text: str, size: float, weight: int = REGULAR) -> float:
    """Width below which `wrap` would have to break inside a word."""
    return max((width(word.strip(" "), size, weight) for word in _words(clean(text))), default=0.0)


def balanced(text: str, room: float, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """As few lines as `wrap` needs, and those about equally long."""
    best = wrap(text, room, size, weight)
    narrowest = max(longest_word(text, size, weight), room * 0.4)
    while room - size / 2 >= narrowest:
        room -= size / 2
        lines = wrap(text, room, size, weight)
        if len(lines) > len(best):
            break
        best = lines
    return best


def _words(text: str) -> list[str]:
    """Parts between which a line may break: after spaces, hyphens and slashes between letters."""
    return [part for part in _BREAKS.split(text) if part]


def _pieces(word: str, room: float, size: float, weight: int) -> list[str]:
    if width(word, size, weight) <= room:
        return [word]
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size, weight) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces

"""Text as it will be drawn: made safe for XML, measured on the real fonts, broken into lines.

Widths are those of Source Sans Pro without kerning: a browser or typst sets a text a little tighter,
and wider, by a hair, only in pairs such as "f)". A wide character, which the font lacks, is one em.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from functools import cache, lru_cache
from html import escape as _escape

from PIL import ImageFont

FAMILY = "Source Sans Pro"
REGULAR, STRONG = 400, 600
HARD_SPACE = "\u00a0"

_FONT_NAMES = {REGULAR: "SourceSansPro", STRONG: "SourceSansProSemibold"}
_EM = 1000  # font units; measured at this size, so that widths are exact
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"(?<= )(?=[^ ])|(?<=[^\W\d_][/-])(?=[^\W\d_])")
_HARD = {HARD_SPACE, "\u202f"}  # spaces at which no line breaks
_INVISIBLE = {"Cc", "Cs", "Cf", "Cn"}  # control, lone surrogate, formatting, no character


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """One line without control characters; no-break spaces stay."""
    kept = _SPACES.sub(lambda found: found[0] if set(found[0]) <= _HARD else " ", text)
    return "".join(c for c in kept if unicodedata.category(c) not in _INVISIBLE).strip(" ")


def escape(text: str) -> str:
    """Ready to stand in an element or in a double-quoted attribute."""
    return _escape(clean(text))


@cache
def _font(weight: int) -> ImageFont.FreeTypeFont:
    files = importlib.import_module("font_source_sans_pro").font_files_ttf
    return ImageFont.truetype(files[_FONT_NAMES[weight]], _EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _advance(character: str, weight: int) -> float:
    """In font units, which are whole; their sum is a text's width, since kerning is left out."""
    if unicodedata.east_asian_width(character) in "WF":
        return _EM
    return _font(weight).getlength(character)


def width(text: str, size: float, weight: int = REGULAR) -> float:
    return _advances(clean(text), weight) * size / _EM


def _advances(text: str, weight: int) -> float:
    return sum(_advance(character, weight) for character in text)


def wrap(text: str, room: float, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """Lines no wider than `room`, at least one; a word that is wider is broken inside."""
    full = room / size * _EM
    lines, used = [""], 0.0
    for word in _words(clean(text)):
        wide, shown = _advances(word, weight), _advances(word.rstrip(" "), weight)
        if used + shown <= full:
            lines[-1] += word
            used += wide
        else:
            lines += _pieces(word, full, weight)
            used = _advances(lines[-1], weight)
    return tuple(line.strip(" ") for line in lines if line.strip(" ")) or ("",)


def longest_word(text: str, size: float, weight: int = REGULAR) -> float:
    """Width below which `wrap` would have to break inside a word."""
    return max((width(word.strip(" "), size, weight) for word in _words(clean(text))), default=0.0)


def balanced(text: str, room: float, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """As few lines as `wrap` needs, and those about equally long."""
    best = wrap(text, room, size, weight)
    if len(best) == 1:
        return best
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


def _pieces(word: str, full: float, weight: int) -> list[str]:
    """The word whole where it fits, else cut where each line is `full` (font units).

    A line has one character at least, however wide.
    """
    pieces, used = [""], 0.0
    for character in word:
        wide = _advance(character, weight)
        if pieces[-1] and character != " " and used + wide > full:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += wide
    return pieces

"""The colours of Capofila, as `web/static/web/tokens.css` has them, and how far apart two are.

A test compares this file with the stylesheet, so neither can change alone. `m1` to `m5` are the
levels of maturity and the bands; `m1-on` to `m5-on` the text that stands on them.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Token: TypeAlias = Literal[
    "paper", "wash", "wash2", "rule", "rule-strong",
    "ink", "ink2", "ink3",
    "brand", "brand-strong", "on-brand",
    "next", "next-text", "next-wash",
    "m1", "m2", "m3", "m4", "m5",
    "m1-on", "m2-on", "m3-on", "m4-on", "m5-on",
    "ok", "ok-wash", "warn", "warn-wash", "bad", "bad-wash", "info", "info-wash",
    "focus",
]  # fmt: skip

LIGHT: Final[dict[Token, str]] = {
    "paper": "#FFFFFF",
    "wash": "#F1F4F2",
    "wash2": "#E2E8E5",
    "rule": "#C3CDC9",
    "rule-strong": "#7A8884",
    "ink": "#13201F",
    "ink2": "#3F4E4B",
    "ink3": "#5B6A67",
    "brand": "#0F5257",
    "brand-strong": "#0B3940",
    "on-brand": "#FFFFFF",
    "next": "#D9481C",
    "next-text": "#B33A12",
    "next-wash": "#FCEDE6",
    "m1": "#E8EFE3",
    "m2": "#B0D1C1",
    "m3": "#6DA89F",
    "m4": "#2C7376",
    "m5": "#0B3B47",
    "m1-on": "#13201F",
    "m2-on": "#13201F",
    "m3-on": "#0A1716",
    "m4-on": "#FFFFFF",
    "m5-on": "#FFFFFF",
    "ok": "#006450",
    "ok-wash": "#E3F2EC",
    "warn": "#8A5A00",
    "warn-wash": "#FBF0D4",
    "bad": "#9E1039",
    "bad-wash": "#FBE8ED",
    "info": "#1F4C9E",
    "info-wash": "#E9EFFA",
    "focus": "#2440D0",
}

DARK: Final[dict[Token, str]] = {
    "paper": "#0E1716",
    "wash": "#162221",
    "wash2": "#20302E",
    "rule": "#3A4B48",
    "rule-strong": "#80918D",
    "ink": "#EDF3F0",
    "ink2": "#C2CFCB",
    "ink3": "#9DADA8",
    "brand": "#86CBC1",
    "brand-strong": "#B9E4DB",
    "on-brand": "#08201F",
    "next": "#FF7A45",
    "next-text": "#FF9A70",
    "next-wash": "#3A2015",
    "m1": "#1E3031",
    "m2": "#2C5254",
    "m3": "#3F7A77",
    "m4": "#86C1B2",
    "m5": "#DDF1E2",
    "m1-on": "#EDF3F0",
    "m2-on": "#FFFFFF",
    "m3-on": "#FFFFFF",
    "m4-on": "#0A1716",
    "m5-on": "#0A1716",
    "ok": "#6FD0B8",
    "ok-wash": "#0E3029",
    "warn": "#EDBE5A",
    "warn-wash": "#33270A",
    "bad": "#FF8FA8",
    "bad-wash": "#3D1220",
    "info": "#9DBDF5",
    "info-wash": "#16264A",
    "focus": "#A9B8FF",
}

# Printing a page from the browser: hairlines that survive a poor printer, no grey ground.
PRINT: Final[dict[Token, str]] = {**LIGHT, "wash": "#FFFFFF", "rule": "#8A9592"}

# The cover is on its own ground in both themes: what is there, what is not, what comes next.
COVER_GROUND: Final = LIGHT["brand-strong"]
COVER_FILLED: Final = LIGHT["m1"]
COVER_EMPTY: Final = "#14474F"
COVER_NEXT: Final = "#E8572B"

Rgb: TypeAlias = tuple[float, float, float]

_LEVELS: Final[tuple[Token, ...]] = ("m1", "m2", "m3", "m4", "m5")
_ON_LEVELS: Final[tuple[Token, ...]] = ("m1-on", "m2-on", "m3-on", "m4-on", "m5-on")


def level(number: int) -> Token:
    """Ground of a level, 1-5."""
    return _LEVELS[number - 1]


def on_level(number: int) -> Token:
    """Text on a level, 1-5."""
    return _ON_LEVELS[number - 1]


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours "#RRGGBB", 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """CIE L*, 0 (black) to 100 (white): the grey a printer without colours makes of it."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def linear(colour: str) -> Rgb:
    """Red, green and blue as amounts of light, 0 to 1."""
    red, green, blue = (_light(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _light(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

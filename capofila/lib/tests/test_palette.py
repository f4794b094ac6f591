"""The figures of the visual language, section 2, computed again from the colours themselves."""

import re
from itertools import pairwise
from math import dist
from pathlib import Path

import pytest

from capofila.lib import palette
from capofila.lib.palette import DARK, LIGHT, PRINT, Rgb, Token, contrast, level, lightness, linear, on_level

CSS = Path(__file__).parents[2] / "web" / "static" / "web" / "tokens.css"
THEMES = {"light": LIGHT, "dark": DARK}
STATUS: tuple[Token, ...] = ("ok", "warn", "bad", "info")
WASHES: tuple[Token, ...] = ("ok-wash", "warn-wash", "bad-wash", "info-wash")

# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
COLOUR_BLIND = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}


def colours_in(block: str) -> dict[str, str]:
    """A token that stands twice in a block has its last value, as in a browser."""
    return {
        name: colour.upper() for name, colour in re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", block)
    }


def blocks_of(css: str, selector: str) -> list[dict[str, str]]:
    found = re.findall(re.escape(selector) + r"\s*\{([^}]*)\}", css)
    return [colours for colours in map(colours_in, found) if colours]


def test_palette_and_stylesheet_have_the_same_colours() -> None:
    css = CSS.read_text(encoding="utf-8")
    screen, _, printed = css.partition("@media print")

    assert blocks_of(screen, ":root") == [LIGHT]
    assert blocks_of(screen, ':root:not([data-theme="light"])') == [DARK]
    assert blocks_of(screen, ':root[data-theme="dark"]') == [DARK]
    assert blocks_of(printed, ":root") == [PRINT]


def test_both_themes_have_every_token() -> None:
    assert set(LIGHT) == set(DARK) == set(PRINT)


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize(
    ("token", "light", "dark"),
    [
        ("ink", 16.7, 16.2),
        ("ink2", 8.7, 11.3),
        ("ink3", 5.7, 7.8),
        ("next-text", 5.9, 8.8),
        ("next", 4.3, 7.0),
    ],
)
def test_text_on_paper_has_the_contrast_we_state(token: Token, light: float, dark: float) -> None:
    assert round(contrast(LIGHT[token], LIGHT["paper"]), 1) == light
    assert round(contrast(DARK[token], DARK["paper"]), 1) == dark


def test_faintest_text_is_legible_on_the_strongest_wash() -> None:
    assert round(contrast(LIGHT["ink3"], LIGHT["wash2"]), 1) == 4.6
    assert round(contrast(DARK["ink3"], DARK["wash2"]), 1) == 5.9


@pytest.mark.parametrize(
    ("theme", "on_paper", "on_wash"),
    [("light", (5.9, 8.1), (5.2, 7.0)), ("dark", (8.5, 10.5), (7.5, 8.4))],
)
def test_status_words_have_the_contrast_we_state(
    theme: str, on_paper: tuple[float, float], on_wash: tuple[float, float]
) -> None:
    colours = THEMES[theme]

    paper = [round(contrast(colours[each], colours["paper"]), 1) for each in STATUS]
    washes = [
        round(contrast(colours[each], colours[wash]), 1) for each, wash in zip(STATUS, WASHES, strict=True)
    ]

    assert (min(paper), max(paper)) == on_paper
    assert (min(washes), max(washes)) == on_wash


@pytest.mark.parametrize(
    ("theme", "stated"),
    [("light", [14.3, 10.2, 6.8, 5.5, 12.1]), ("dark", [12.3, 8.6, 4.9, 9.0, 15.5])],
)
def test_text_on_levels_has_the_contrast_we_state(theme: str, stated: list[float]) -> None:
    colours = THEMES[theme]

    assert [round(contrast(colours[on_level(n)], colours[level(n)]), 1) for n in range(1, 6)] == stated


@pytest.mark.parametrize(
    ("theme", "stated"), [("light", [94, 81, 65, 44, 22]), ("dark", [18, 32, 47, 74, 93])]
)
def test_levels_stay_in_order_in_grey_print(theme: str, stated: list[int]) -> None:
    """Steps of 13 or more, both rounded: the smallest, of the two palest in light, is 12.5."""
    shades = [lightness(THEMES[theme][level(n)]) for n in range(1, 6)]

    assert [round(shade) for shade in shades] == stated
    assert all(abs(a - b) >= 12.5 for a, b in pairwise(shades))


@pytest.mark.parametrize("theme", THEMES)
def test_borders_of_things_to_act_on_and_text_on_brand_are_seen(theme: str) -> None:
    colours = THEMES[theme]

    assert contrast(colours["rule-strong"], colours["paper"]) >= 3
    assert contrast(colours["on-brand"], colours["brand"]) >= 4.5
    assert contrast(colours["on-brand"], colours["brand-strong"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", COLOUR_BLIND)
def test_colour_blind_people_tell_levels_and_vermilion_apart(theme: str, kind: str) -> None:
    """Distances in Lab: 12 between neighbouring levels, 43 from vermilion to any, both rounded."""
    colours = THEMES[theme]
    levels = [colours[level(n)] for n in range(1, 6)]

    assert all(distance(a, b, kind) >= 11.5 for a, b in pairwise(levels))
    assert all(distance(colours["next"], each, kind) >= 42.5 for each in levels)


def test_cover_is_legible_on_its_ground() -> None:
    assert round(contrast(palette.COVER_FILLED, palette.COVER_GROUND), 1) == 10.7
    assert round(contrast(palette.COVER_NEXT, palette.COVER_GROUND), 1) == 3.5


def distance(a: str, b: str, kind: str) -> float:
    """Euclidean, in CIE Lab, of two colours as somebody with `kind` sees them."""
    return dist(lab(seen(a, kind)), lab(seen(b, kind)))


def seen(colour: str, kind: str) -> Rgb:
    light = linear(colour)
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0.0), 1.0) for row in COLOUR_BLIND[kind]
    )
    return red, green, blue


def lab(light: Rgb) -> tuple[float, float, float]:
    red, green, blue = light
    x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def curve(t: float) -> float:
    return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

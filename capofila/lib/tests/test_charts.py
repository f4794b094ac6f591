"""What every chart promises: legible, whole, safe, the same each time; then what each one shows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import hypot
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib import charts
from capofila.lib.charts import (
    DASH,
    LEVELS,
    PERCENT,
    RADAR_PERCENT,
    Axis,
    Bands,
    BarRow,
    Chart,
    CoverColumn,
    GanttRow,
    GanttTotal,
    HeatRow,
    Key,
    Locale,
    Point,
    Question,
    QuestionGroup,
    Tick,
)
from capofila.lib.charts import text as words
from capofila.lib.palette import DARK, LIGHT, Token, contrast

ITALIAN = Locale(number=lambda value: f"{value:.2f}".replace(".", ","), decimal=",")
BANDS = Bands((1, 1.8, 2.6, 3.4, 4.2, 5))
EUROPEAN = Bands((0, 25, 50, 75, 100), holds="upper")
DIGITS = [f"{n:02d}" for n in range(1, 11)]
LONG = "Governance dei dati, sicurezza informatica e continuità operativa dei processi produttivi"
NAMES = {
    "plain": "Qualità",
    "long": LONG,
    "nasty": "<b>R&D</b> \"uno\" 'due' ]]> \x00\x07\x1b[31m\ud800\ufffe\u202etre\n\tquattro",
    "200 letters": "x" * 200,
    "200 words": "ab " * 200,
    "wide": "数字化成熟度评估" * 4,
    "empty": "",
}
VALUES: dict[str, list[float | None]] = {
    "ordinary": [2.93, 3.36, 2.79, 3.43, 1.93, 2.5, 2.29, 2.5, 1.86, 2.71],
    "lowest": [1.0] * 10,
    "highest": [5.0] * 10,
    "withheld": [None] * 10,
    "mixed": [1.0, None, None, 5.0, 3.0, None, 2.0, 5.0, 1.0, None],
}
Words = str
Numbers = list[float | None]


def a_radar(name: Words, values: Numbers) -> Chart:
    axes = [Axis(digits, name, value) for digits, value in zip(DIGITS, values, strict=True)]
    return charts.radar(axes, [*values[1:], None], alt=name, locale=ITALIAN)


def a_small_radar(name: Words, values: Numbers) -> Chart:
    axes = [Axis("", name, value and value * 20) for value in values[:3]]
    return charts.radar(axes, alt=name, locale=ITALIAN, scale=RADAR_PERCENT)


def a_heatmap(name: Words, values: Numbers, narrow: bool = False) -> Chart:
    rows = [
        HeatRow(digits, name, (values * 2)[at : at + 4], values[at], ["7/13"] * 4)
        for at, digits in enumerate(DIGITS)
    ]
    return charts.heatmap(
        rows, [name or "E", "C", "O", "T"], bands=BANDS, alt=name, locale=ITALIAN, total_name="area",
        foot=HeatRow("", name, values[:4], values[4]), narrow=narrow,
    )  # fmt: skip


def some_bars(name: Words, values: Numbers, narrow: bool = False) -> Chart:
    rows = [
        BarRow(digits, name, value, value, (value, 5) if value else None)
        for digits, value in zip(DIGITS, values, strict=True)
    ]
    return charts.bars(rows, alt=name, locale=ITALIAN, narrow=narrow)


def bars_in_percent(name: Words, values: Numbers) -> Chart:
    rows = [BarRow("", name, value and value * 20) for value in values]
    return charts.bars(rows, alt=name, locale=ITALIAN, scale=PERCENT)


def some_questions(name: Words, values: Numbers, narrow: bool = False) -> Chart:
    asked = [
        Question(
            f"3.{at:02d}", name, round(value) if value else None, "answered" if value else "unanswered", True
        )
        for at, value in enumerate(values)
    ]
    asked.append(Question("3.11", name, None, "not applicable"))
    groups = [QuestionGroup(name, values[0], asked[:5]), QuestionGroup("Controllo", None, asked[5:])]
    return charts.questions(groups, alt=name, locale=ITALIAN, not_applicable=name or "n/a", narrow=narrow)


def a_band_scale(name: Words, values: Numbers) -> Chart:
    return charts.band_scale(values[0], BANDS, alt=name, locale=ITALIAN)


def a_comb(name: Words, values: Numbers) -> Chart:
    return charts.comb(round(values[0]) if values[0] else None, alt=name)


def some_ticks(name: Words, values: Numbers) -> Chart:
    levels: list[Tick] = [round(value) if value else None for value in values]
    return charts.ticks([*levels, "not applicable"], 3, alt=name)


def a_levels_strip(name: Words, values: Numbers, width: float = 620) -> Chart:
    counts = [round((value or 0) * 400) for value in values[:5]]
    return charts.levels_strip(
        counts, alt=name, names=[name] * 5, unanswered=7, unanswered_name=name, width=width
    )


def a_matrix(name: Words, values: Numbers) -> Chart:
    points = [Point(n, name, (v or 0) * 4, (v or 0) / 50, n < 4) for n, v in enumerate(values, 1)]
    return charts.priority_matrix(
        points, alt=name, locale=ITALIAN, x_name=name, y_name=name, quadrant_name=name
    )


def a_cover(name: Words, values: Numbers) -> Chart:
    areas = [CoverColumn(digits, value, 4.5) for digits, value in zip(DIGITS, values, strict=True)]
    return charts.cover(areas, alt=name, ground=True)


def a_legend(name: Words, values: Numbers) -> Chart:
    return charts.legend([Key("own line", name), Key("peers band", "mediana"), Key("none", name)])


def a_band_key(name: Words, values: Numbers, width: float = 664) -> Chart:
    return charts.band_key(
        [name, "di base", "intermedia", "avanzata", name], BANDS, locale=ITALIAN, width=width
    )


YEARS = [(f"Anno {year}", [str(4 * year + quarter) for quarter in range(-3, 1)]) for year in (1, 2, 3)]


def a_gantt(name: Words, values: Numbers, width: float = 1012) -> Chart:
    rows = [
        GanttRow(str(n), name, n, round(v or 1), "03", name or "prova", n < 4, (str(n - 1), str(n + 1), "99"))
        for n, v in enumerate(values, 1)
    ]
    totals = [GanttTotal(name, ["11,3"] * 12), GanttTotal("Giornate", ["–"] * 12)]
    return charts.gantt(rows, YEARS, alt=name, totals=totals, width=width)


DRAWN: dict[str, Callable[[Words, Numbers], Chart]] = {
    "radar": a_radar,
    "small radar": a_small_radar,
    "heat map": a_heatmap,
    "heat map on a phone": partial(a_heatmap, narrow=True),
    "bars": some_bars,
    "bars on a phone": partial(some_bars, narrow=True),
    "bars in percent": bars_in_percent,
    "questions": some_questions,
    "questions on a phone": partial(some_questions, narrow=True),
    "band scale": a_band_scale,
    "comb": a_comb,
    "ticks": some_ticks,
    "levels strip": a_levels_strip,
    "levels strip on a phone": partial(a_levels_strip, width=343),
    "matrix": a_matrix,
    "gantt": a_gantt,
    "gantt on a phone": partial(a_gantt, width=343),
    "cover": a_cover,
    "legend": a_legend,
    "band key": a_band_key,
    "band key on a phone": partial(a_band_key, width=343),
}
every_chart = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
every_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
every_value = pytest.mark.parametrize("values", VALUES.values(), ids=VALUES.keys())


@dataclass(frozen=True)
class Box:
    """Ink of a text: from the top of its capitals to just under its baseline."""

    left: float
    top: float
    right: float
    bottom: float
    said: str

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right - 0.01 and other.left < self.right - 0.01
        return across and self.top < other.bottom - 0.01 and other.top < self.bottom - 0.01


def tree(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)


def every(chart: Chart, tag: str) -> list[ElementTree.Element]:
    return list(tree(chart).iter("{http://www.w3.org/2000/svg}" + tag))


def box_of(text: ElementTree.Element) -> Box:
    said, size = text.text or "", float(text.attrib["font-size"])
    wide = words.width(said, size, int(text.attrib["font-weight"]))
    x, baseline = float(text.attrib["x"]), float(text.attrib["y"])
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib.get("text-anchor", "start")]
    return Box(left, baseline - 0.70 * size, left + wide, baseline + 0.20 * size, said)


def boxes(chart: Chart) -> list[Box]:
    return [box_of(text) for text in every(chart, "text")]


def said(chart: Chart) -> list[str]:
    return [text.text or "" for text in every(chart, "text")]


def collisions(chart: Chart) -> list[tuple[str, str]]:
    found = boxes(chart)
    return [
        (one.said, other.said)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one.meets(other)
    ]


# What every chart promises


@every_chart
@every_name
def test_any_name_gives_well_formed_xml(draw: Callable[[Words, Numbers], Chart], name: str) -> None:
    chart = draw(name, VALUES["mixed"])

    assert tree(chart).attrib["viewBox"] == f"0 0 {chart.width:g} {chart.height:g}"
    assert not re.search(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\u202e]", chart.svg)


@every_chart
@every_name
def test_no_text_leaves_the_drawing_or_covers_another(
    draw: Callable[[Words, Numbers], Chart], name: str
) -> None:
    for kind, values in VALUES.items():
        chart = draw(name, values)

        assert collisions(chart) == [], kind
        for box in boxes(chart):
            assert box.left >= -0.01, (kind, box)
            assert box.top >= -0.01, (kind, box)
            assert box.right <= chart.width + 0.02, (kind, box)
            assert box.bottom <= chart.height + 0.01, (kind, box)


@every_chart
@every_value
def test_missing_and_extreme_values_are_drawn(
    draw: Callable[[Words, Numbers], Chart], values: Numbers
) -> None:
    chart = draw("Qualità", values)

    assert chart.width > 0
    assert "nan" not in chart.svg.lower()
    assert "None" not in chart.svg


@every_chart
def test_same_input_gives_the_same_bytes(draw: Callable[[Words, Numbers], Chart]) -> None:
    assert draw(LONG, VALUES["mixed"]) == draw(LONG, VALUES["mixed"])


@every_chart
def test_nothing_a_strict_policy_would_refuse(draw: Callable[[Words, Numbers], Chart]) -> None:
    svg = draw(NAMES["nasty"], VALUES["mixed"]).svg

    for element in ElementTree.fromstring(svg).iter():
        assert not {"style", "id", "onload", "href"} & set(element.attrib)
    assert "style=" not in svg
    assert "<script" not in svg
    assert "<style" not in svg


@every_chart
def test_numbers_have_two_decimals_at_most(draw: Callable[[Words, Numbers], Chart]) -> None:
    assert not re.search(r"\d\.\d{3}", draw("Qualità", VALUES["ordinary"]).svg)


@every_chart
def test_every_colour_has_the_class_of_its_token(draw: Callable[[Words, Numbers], Chart]) -> None:
    for element in tree(draw("Qualità", VALUES["mixed"])).iter():
        classes = element.attrib.get("class", "").split()
        for attribute, prefix in (("fill", "f-"), ("stroke", "s-")):
            colour = element.attrib.get(attribute, "none")
            names = [each.removeprefix(prefix) for each in classes if each.startswith(prefix)]
            assert len(names) == (colour != "none"), element.attrib
            if names and not names[0].startswith("cover-"):
                assert dict[str, str](**LIGHT)[names[0]] == colour


@every_chart
@every_value
def test_no_text_is_smaller_than_twelve_and_a_half_units(
    draw: Callable[[Words, Numbers], Chart], values: Numbers
) -> None:
    sizes = [float(text.attrib["font-size"]) for text in every(draw("Qualità", values), "text")]

    assert min(sizes, default=12.5) >= 12.5


@every_chart
def test_a_chart_says_its_alternative_text(draw: Callable[[Words, Numbers], Chart]) -> None:
    root = tree(draw("R&D <oggi>", VALUES["ordinary"]))

    assert root.attrib["role"] == "img"
    assert "R&D <oggi>" in root.attrib["aria-label"]


def test_a_comb_without_words_is_hidden_as_decoration() -> None:
    root = tree(charts.comb(3))

    assert root.attrib["aria-hidden"] == "true"
    assert "role" not in root.attrib


# Words


def test_lines_are_never_wider_than_their_room_and_lose_no_letter() -> None:
    lines = words.wrap(LONG + " " + "x" * 90, 120, 14.5)

    assert all(words.width(line, 14.5) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == (LONG + "x" * 90).replace(" ", "")


@given(st.text(max_size=200), st.floats(30, 300))
def test_any_text_is_wrapped_into_its_room(text: str, room: float) -> None:
    assert all(words.width(line, 14) <= room + 1e-6 for line in words.wrap(text, room, 14))


def test_a_no_break_space_holds_its_words_together() -> None:
    assert words.wrap("spesa 4\u00a0800\u00a0€", 60, 14) == ("spesa", "4\u00a0800\u00a0€")


def test_control_characters_are_removed_and_lines_joined() -> None:
    assert words.clean(" uno\x00\n\tdue\u202e ") == "uno due"


def test_axis_numbers_have_the_decimals_they_need() -> None:
    assert [ITALIAN.plain(value) for value in (1, 1.8, 0.025, 100)] == ["1", "1,8", "0,025", "100"]


# Bands


def test_a_score_on_an_edge_belongs_to_the_band_that_holds_it() -> None:
    assert [BANDS.index(value) for value in (1, 1.79, 1.8, 4.2, 5)] == [0, 0, 1, 4, 4]
    assert [EUROPEAN.index(value) for value in (0, 25, 25.1, 75, 100)] == [0, 0, 1, 2, 3]


def test_four_bands_use_both_ends_of_the_five_colours() -> None:
    assert [EUROPEAN.colour(n) for n in range(4)] == [1, 2, 4, 5]
    assert [BANDS.colour(n) for n in range(5)] == [1, 2, 3, 4, 5]


# Radar


def test_a_radar_of_ten_short_names_has_the_stated_size() -> None:
    axes = [Axis(digits, "Qualità", 3) for digits in DIGITS]

    chart = charts.radar(axes, alt="", locale=ITALIAN)

    assert (chart.width, round(chart.height)) == (620, 577)


def test_a_radar_does_not_join_points_across_a_withheld_value() -> None:
    whole = charts.radar([Axis("", "a", 3)] * 5, alt="", locale=ITALIAN)
    broken = charts.radar([Axis("", "a", 3)] * 4 + [Axis("", "a", None)], alt="", locale=ITALIAN)

    assert [line.attrib["d"][-1] for line in own_lines(whole)] == ["Z"]
    assert [line.attrib["d"].count("L") for line in own_lines(broken)] == [3]
    assert said(broken).count(DASH) == 1


def own_lines(chart: Chart) -> list[ElementTree.Element]:
    return [path for path in every(chart, "path") if path.attrib.get("class") == "s-brand"]


def test_a_radar_without_peers_has_no_dotted_line() -> None:
    chart = charts.radar([Axis("", "a", 3)] * 5, alt="", locale=ITALIAN)

    assert "stroke-dasharray" not in chart.svg


@every_name
def test_labels_of_any_radar_stay_apart(name: str) -> None:
    for count in range(3, 13):
        chart = charts.radar([Axis("01", name, 2.5)] * count, [3.0] * count, alt="", locale=ITALIAN)

        assert collisions(chart) == [], count


@pytest.mark.parametrize("count", [2, 13])
def test_a_radar_of_too_few_or_too_many_axes_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="3 to 12"):
        charts.radar([Axis("", "a", 3)] * count, alt="", locale=ITALIAN)


def test_values_outside_the_scale_are_drawn_at_its_end() -> None:
    assert (LEVELS.share(0), LEVELS.share(3), LEVELS.share(7)) == (0, 0.5, 1)


# Heat map


def test_a_heat_map_keeps_its_width_and_on_a_phone_too() -> None:
    rows = [HeatRow(digits, "Qualità", [1, 2, 3, 4], 2.5) for digits in DIGITS]
    draw = partial(charts.heatmap, rows, list("ECOT"), bands=BANDS, alt="", locale=ITALIAN, total_name="area")

    assert draw().width == 664
    assert draw(narrow=True).width == 343


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_cells_has_a_contrast_of_four_and_a_half(theme: dict[Token, str]) -> None:
    rows = [HeatRow("", "a", [1, 2, 3, 4, 5])]
    chart = charts.heatmap(rows, list("abcde"), bands=BANDS, alt="", locale=ITALIAN)

    grounds = [rect.attrib["class"].split()[0] for rect in every(chart, "rect")]
    texts = [text.attrib["class"] for text in every(chart, "text") if text.attrib["class"].endswith("-on")]
    colour = {"f-" + token: value for token, value in theme.items()}

    assert len(grounds) == len(texts) == 5
    assert all(contrast(colour[a], colour[b]) >= 4.5 for a, b in zip(grounds, texts, strict=True))


def test_a_withheld_cell_is_a_hairline_with_its_coverage() -> None:
    rows = [HeatRow("01", "Qualità", [None, 3.0], None, ["7/13", "13/13"])]

    chart = charts.heatmap(rows, ["a", "b"], bands=BANDS, alt="", locale=ITALIAN, total_name="area")

    assert "– 7/13" in said(chart)
    assert not any("13/13" in each for each in said(chart))
    assert every(chart, "rect")[0].attrib["fill"] == "none"


def test_a_row_with_a_value_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="3 values for 2 columns"):
        charts.heatmap([HeatRow("", "a", [1, 2, 3])], ["a", "b"], bands=BANDS, alt="", locale=ITALIAN)


# Bars


def test_bars_are_ordered_by_value_with_withheld_ones_last() -> None:
    rows = [BarRow("01", "a", None), BarRow("02", "b", 2.0), BarRow("03", "c", 4.0)]

    ordered = said(charts.bars(rows, alt="", locale=ITALIAN))
    given_ = said(charts.bars(rows, alt="", locale=ITALIAN, ordered=False))

    assert [each for each in ordered if each.startswith("0")] == ["03", "02", "01"]
    assert [each for each in given_ if each.startswith("0")] == ["01", "02", "03"]


def test_bars_without_peers_have_neither_band_nor_median() -> None:
    svg = charts.bars([BarRow("01", "a", 3.0)], alt="", locale=ITALIAN).svg

    assert "f-wash2" not in svg
    assert "s-ink" not in svg


def test_a_value_at_the_low_end_is_still_seen() -> None:
    chart = charts.bars([BarRow("01", "a", 1.0)], alt="", locale=ITALIAN)

    assert float(every(chart, "rect")[0].attrib["width"]) == 2


# Questions


def test_an_answer_fills_its_cells_and_the_next_level_is_outlined() -> None:
    groups = [QuestionGroup("Controllo", 2.0, [Question("3.02", "Scarti", 2, target=3)])]

    cells = every(charts.questions(groups, alt="", locale=ITALIAN, not_applicable="n/a"), "rect")

    assert [cell.attrib["class"] for cell in cells] == ["f-m2", "f-m2", "s-next", "s-rule", "s-rule"]


def test_the_highest_level_has_no_next_one() -> None:
    groups = [QuestionGroup("Controllo", 5.0, [Question("3.02", "Scarti", 5, target=5)])]

    assert "next" not in charts.questions(groups, alt="", locale=ITALIAN, not_applicable="n/a").svg


def test_a_question_without_answer_and_one_that_does_not_apply_are_told_apart() -> None:
    asked = [
        Question("3.02", "Scarti", None, "unanswered", target=3),
        Question("3.03", "Fermi", 3, "not applicable"),
    ]
    chart = charts.questions([QuestionGroup("A", 1.0, asked)], alt="", locale=ITALIAN, not_applicable="n/a")

    assert said(chart).count(DASH) == 1
    assert said(chart).count("n/a") == 1
    assert chart.svg.count("stroke-dasharray") == 1
    assert "f-m" not in chart.svg
    assert "next" not in chart.svg


# Small drawings


def test_the_comb_has_one_tall_bar() -> None:
    bars = every(charts.comb(3), "rect")

    assert [bar.attrib["class"] for bar in bars].index("f-next") == 2
    assert len({bar.attrib["height"] for bar in bars}) == 2
    assert "f-next" not in charts.comb(None).svg


def test_a_comb_does_not_point_beyond_its_bars() -> None:
    with pytest.raises(ValueError, match="bar 11 of 10"):
        charts.comb(11)


@pytest.mark.parametrize("value", [1, 1.01, 2.63, 4.99, 5])
def test_the_mark_of_a_band_scale_stays_inside(value: float) -> None:
    chart = charts.band_scale(value, BANDS, alt="", locale=ITALIAN, width=160)
    (triangle,) = every(chart, "path")

    xs = [float(x) for x in re.findall(r"[ML]([\d.]+),", triangle.attrib["d"])]

    assert min(xs) >= 0
    assert max(xs) <= 160


def test_a_strip_of_levels_shows_every_count() -> None:
    chart = charts.levels_strip([3, 0, 62, 30, 5], alt="", unanswered=40)

    assert said(chart) == ["1", "3", "2", "0", "3", "62", "4", "30", "5", "5", DASH, "40"]


def test_a_cover_column_is_as_high_as_its_score() -> None:
    chart = charts.cover([CoverColumn("01", 2.5, 3.0)], alt="")

    def heights(part: str) -> float:
        parts = [rect for rect in every(chart, "rect") if rect.attrib["class"] == "f-cover-" + part]
        return sum(float(rect.attrib["height"]) for rect in parts)

    assert heights("empty") == 300
    assert heights("filled") == 150
    assert heights("next") == 30


# Priority matrix

POINTS = st.lists(
    st.builds(
        Point,
        number=st.integers(1, 99),
        label=st.sampled_from(
            [LONG, "Accessi", "Copie di sicurezza provate", "Schede cliente", "x" * 60, ""]
        ),
        x=st.one_of(st.floats(0, 40), st.sampled_from([0.0, 5.0, 10.0, 1000.0])),
        y=st.one_of(st.floats(0, 0.5), st.sampled_from([0.0, 0.02, 0.05])),
        hot=st.booleans(),
    ),
    max_size=30,
)


def the_matrix(points: list[Point]) -> Chart:
    return charts.priority_matrix(
        points, alt="", locale=ITALIAN, x_name="giornate di lavoro", y_name="guadagno atteso",
        quadrant_name="Subito: rende molto, costa poco",
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(POINTS)
def test_in_a_matrix_no_label_covers_another_nor_a_circle(points: list[Point]) -> None:
    chart = the_matrix(points)
    circles = [tuple(float(c.attrib[key]) for key in ("cx", "cy", "r")) for c in every(chart, "circle")]

    assert collisions(chart) == []
    for box in boxes(chart):
        assert box.left >= 0
        assert box.right <= chart.width
        own = [1 for x, y, r in circles if box.left < x < box.right and box.top < y < box.bottom]
        near = [1 for x, y, r in circles if gap(box, x, y) < r]
        assert len(near) == len(own) <= 1


@settings(max_examples=150, deadline=None)
@given(POINTS)
def test_circles_of_a_matrix_stay_apart_and_inside(points: list[Point]) -> None:
    chart = the_matrix(points)
    places = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in every(chart, "circle")]

    assert len(places) == len(points)
    assert all(12 <= x <= chart.width - 12 and 26 <= y <= 376 for x, y in places)
    assert all(
        (x1 - x2) ** 2 + (y1 - y2) ** 2 >= 24**2
        for at, (x1, y1) in enumerate(places)
        for x2, y2 in places[at + 1 :]
    )


def gap(box: Box, x: float, y: float) -> float:
    """From a point to a box; 0 inside."""
    across = max(box.left - x, 0.0, x - box.right)
    down = max(box.top - y, 0.0, y - box.bottom)
    return hypot(across, down)


def test_labels_of_a_roomy_matrix_are_all_there() -> None:
    points = [Point(n, f"Azione {n}", n * 4, n / 50) for n in range(1, 6)]

    assert {f"Azione {n}" for n in range(1, 6)} <= set(said(the_matrix(points)))


def test_axes_of_a_matrix_have_round_numbers() -> None:
    shown = said(the_matrix([Point(1, "a", 22, 0.08), Point(2, "b", 6, 0.06)]))

    assert {"0", "5", "10", "15", "20", "25", "+0,02", "+0,04", "+0,06", "+0,08"} <= set(shown)


def test_a_matrix_without_points_is_an_empty_field() -> None:
    chart = the_matrix([])

    assert every(chart, "circle") == []
    assert (chart.width, chart.height) == (664, 420)


# Gantt


def the_bars(chart: Chart) -> list[tuple[float, float]]:
    """Left edge and width of each bar."""
    filled = [rect for rect in every(chart, "rect") if rect.attrib["class"] in {"f-brand", "f-next-text"}]
    return [(float(rect.attrib["x"]), float(rect.attrib["width"])) for rect in filled]


def test_a_bar_spans_its_quarters_and_none_beyond_the_last() -> None:
    rows = [GanttRow("1", "Uno", 1, 2), GanttRow("2", "Due", 12, 1), GanttRow("3", "Tre", 11, 4)]

    bars = the_bars(charts.gantt(rows, YEARS, alt="Piano", width=1200))

    column = 1200 * (1 - 0.395) / 12  # 60.5
    assert bars[0] == pytest.approx((474 + 2, 2 * column - 4), abs=0.01)
    assert bars[1] == pytest.approx((474 + 11 * column + 2, column - 4), abs=0.01)
    assert bars[2] == pytest.approx((474 + 10 * column + 2, 2 * column - 4), abs=0.01)


def test_an_arrow_leads_from_what_comes_first_to_what_waits() -> None:
    rows = [GanttRow("1", "Uno", 1, 1), GanttRow("2", "Due", 3, 1, after=("1", "9"))]

    chart = charts.gantt(rows, YEARS, alt="Piano")

    assert len([path for path in every(chart, "path") if path.attrib["fill"] == "none"]) == 1


def test_the_first_three_carry_the_accent() -> None:
    rows = [GanttRow(str(n), "Azione", n, 1, hot=n < 4) for n in range(1, 7)]

    svg = charts.gantt(rows, YEARS, alt="Piano").svg

    assert svg.count("f-next-text") == 6  # three bars, three numbers


def test_a_row_in_no_quarter_is_refused() -> None:
    with pytest.raises(ValueError, match="quarter 13 of 12"):
        charts.gantt([GanttRow("1", "Uno", 13)], YEARS, alt="Piano")


def test_rows_are_parted_so_that_each_part_is_low_enough() -> None:
    rows = [GanttRow(str(n), LONG if n % 3 else "Breve", 1) for n in range(1, 31)]

    parts = charts.gantt_parts(rows, 470)

    assert [row for part in parts for row in part] == rows
    assert all(charts.gantt(part, YEARS, alt="Piano").height <= 472 for part in parts)
    assert max(map(len, parts)) - min(map(len, parts)) <= len(parts)
    assert charts.gantt_parts([], 470) == []

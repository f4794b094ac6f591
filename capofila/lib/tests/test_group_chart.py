"""The diagram of a group: every box named, every share on its line, nothing over anything else."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib import charts
from capofila.lib.charts import Chart, GroupBox, GroupLine
from capofila.lib.charts.group import MOST_BOXES
from capofila.lib.tests.test_charts import LONG, NAMES, boxes, collisions, every, said, tree

HEADS = ("Impresa", "Conta", "Soci")
SUBJECT = GroupBox("Rossi Meccanica Srl", "100 %", "subject")
FAMILY = [
    SUBJECT,
    GroupBox("Alfa Holding SpA", "collegata, 100 %", "linked"),
    GroupBox("Beta Srl", "associata, 30 %", "partner"),
    GroupBox("Università degli Studi", "non conta", "not counted"),
]
SHARES = [GroupLine(1, 0, "55 %"), GroupLine(2, 0, "30 %"), GroupLine(3, 0, "15 %")]
Segment = tuple[float, float, float, float]


def the_group(boxes: list[GroupBox], lines: list[GroupLine], *, narrow: bool = False) -> Chart:
    return charts.group(boxes, lines, alt="Il gruppo", heads=HEADS, narrow=narrow)


def frames(chart: Chart) -> list[Segment]:
    """Left, top, right, bottom of each box, with its stroke."""
    found = []
    for rect in every(chart, "rect"):
        x, y, wide, high = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        half = float(rect.attrib.get("stroke-width", 0)) / 2
        found.append((x - half, y - half, x + wide + half, y + high + half))
    return found


def segments(chart: Chart) -> list[list[Segment]]:
    """The straight parts of each line from box to box."""
    found = []
    for path in every(chart, "path"):
        if path.attrib["fill"] != "none":
            continue
        places = [place.split(",") for place in path.attrib["d"][1:].split("L")]
        found.append([(float(a[0]), float(a[1]), float(b[0]), float(b[1])) for a, b in pairwise(places)])
    return found


def meet(segment: Segment, box: Segment) -> bool:
    left, right = sorted((segment[0], segment[2]))
    top, bottom = sorted((segment[1], segment[3]))
    return left < box[2] - 0.02 and box[0] + 0.02 < right + 0.01 and top < box[3] and box[1] < bottom + 0.01


def lie_on(one: Segment, other: Segment) -> bool:
    """Whether two parts run along each other; crossing is no such thing."""
    for flat in (0, 1):
        if one[flat] == one[flat + 2] == other[flat] == other[flat + 2]:
            a, b = sorted((one[1 - flat], one[3 - flat])), sorted((other[1 - flat], other[3 - flat]))
            if min(a[1], b[1]) - max(a[0], b[0]) > -1:
                return True
    return False


def check(chart: Chart) -> None:
    """Nothing leaves the drawing, and nothing covers anything."""
    texts, rects, lines = boxes(chart), frames(chart), segments(chart)
    assert collisions(chart) == []
    for box in texts:
        assert box.left >= -0.01
        assert box.top >= -0.01
        assert box.right <= chart.width + 0.02
        assert box.bottom <= chart.height + 0.01
    for at, rect in enumerate(rects):
        assert all(rect[3] < other[1] or other[3] < rect[1] for other in rects[at + 1 :])
    parts = [(at, part) for at, line in enumerate(lines) for part in line]
    for _, part in parts:
        assert max(part[0], part[2]) <= chart.width
        assert not any(meet(part, rect) for rect in rects)
        assert not any(meet(part, (box.left, box.top, box.right, box.bottom)) for box in texts)
    for at, (line, part) in enumerate(parts):
        assert not any(line != other and lie_on(part, part2) for other, part2 in parts[at + 1 :])


def test_every_enterprise_is_named_and_every_share_is_on_its_line() -> None:
    chart = the_group(FAMILY, SHARES)

    shown = " ".join(said(chart))
    assert all(box.name in shown and box.note in shown for box in FAMILY)
    assert {"55 %", "30 %", "15 %"} <= set(said(chart))
    assert len(segments(chart)) == len(SHARES)
    check(chart)


def test_owners_stand_above_what_they_hold() -> None:
    chart = the_group([*FAMILY, GroupBox("Figlia Srl", "", "linked")], [*SHARES, GroupLine(0, 4, "80 %")])

    tops = {box.said: box.top for box in boxes(chart)}
    assert max(tops[box.name] for box in FAMILY[1:]) < tops[SUBJECT.name] < tops["Figlia Srl"]


def test_an_arrow_points_at_what_is_held_and_a_link_has_none() -> None:
    arrows = [
        path
        for path in every(
            the_group(FAMILY, [GroupLine(1, 0, "55 %"), GroupLine(2, 3, "contratto", False)]), "path"
        )
        if path.attrib["fill"] != "none"
    ]

    assert len(arrows) == 1


def test_a_circle_is_drawn_like_any_other_group() -> None:
    ring = [
        GroupLine(0, 1, "40 %"),
        GroupLine(1, 2, "60 %"),
        GroupLine(2, 0, "51 %"),
        GroupLine(1, 0, "10 %"),
    ]

    chart = the_group(FAMILY[:3], ring)

    assert len(segments(chart)) == 4
    check(chart)


def test_an_autonomous_enterprise_is_one_box_of_full_width() -> None:
    chart = the_group([SUBJECT], [])

    assert len(frames(chart)) == 1
    assert chart.width == 620
    check(chart)


def test_nothing_at_all_is_drawn_empty() -> None:
    assert said(the_group([], [])) == []


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "phone"])
def test_any_name_and_label_stay_in_their_places(name: str, narrow: bool) -> None:
    chart = the_group(
        [GroupBox(name, name, "subject"), *[GroupBox(name, name)] * 3],
        [GroupLine(1, 0, name), GroupLine(2, 0, name), GroupLine(3, 2, name, arrow=False)],
        narrow=narrow,
    )

    check(chart)
    assert tree(chart).attrib["aria-label"] == "Il gruppo"


def test_the_usual_group_fits_on_a_phone() -> None:
    assert the_group(FAMILY, SHARES, narrow=True).width == 343


def test_the_same_group_gives_the_same_bytes() -> None:
    assert the_group(FAMILY, SHARES) == the_group(FAMILY, SHARES)


def test_more_than_twelve_enterprises_are_a_table() -> None:
    members = [SUBJECT, *[GroupBox(f"{n} {LONG}", "associata, 25 %") for n in range(MOST_BOXES)]]
    lines = [GroupLine(n, 0, "25 %") for n in range(1, len(members))]

    for narrow in (False, True):
        chart = the_group(members, lines, narrow=narrow)

        assert every(chart, "rect") == []
        assert set(HEADS) <= set(said(chart))
        assert "11" in " ".join(said(chart))
        check(chart)


@pytest.mark.parametrize("line", [GroupLine(0, 0, ""), GroupLine(0, 4, ""), GroupLine(-1, 0, "")])
def test_a_line_that_leads_nowhere_is_refused(line: GroupLine) -> None:
    with pytest.raises(ValueError, match="a line from box"):
        the_group(FAMILY, [line])


PAIRS = st.tuples(st.integers(0, MOST_BOXES - 1), st.integers(0, MOST_BOXES - 1)).filter(
    lambda p: p[0] != p[1]
)
LABELS = st.sampled_from(["5 %", "33,33 %", "60 % del capitale, 40 % dei voti", ""])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(PAIRS, LABELS, st.booleans()), max_size=30), st.booleans())
def test_nothing_overlaps_in_any_group_of_up_to_twelve(
    drawn: list[tuple[tuple[int, int], str, bool]], narrow: bool
) -> None:
    members = [GroupBox(f"Impresa {n}", "associata", "partner") for n in range(MOST_BOXES)]
    lines = [GroupLine(owner, of, label, arrow) for (owner, of), label, arrow in drawn]

    chart = the_group(members, lines, narrow=narrow)

    check(chart)
    assert len(segments(chart)) == len(lines)

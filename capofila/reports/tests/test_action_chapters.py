"""The chapters on actions: they say what the roadmap says, in both languages, and nothing runs over."""

import io
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pypdfium2
import pytest

from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.lib.document import (
    Aside,
    Block,
    Bullets,
    Chapter,
    Document,
    Heading,
    Paragraph,
    Table,
    TextBlock,
    Together,
)
from capofila.lib.render import docx, html, pdf
from capofila.lib.render.pdf import PAGE, TABLE_GAP
from capofila.lib.render.setting import Room
from capofila.reports.chapters import action_blocks, actions, half_page, plan
from capofila.reports.compose import compose
from capofila.reports.peers import Peers
from capofila.reports.picture import Picture
from capofila.reports.road import FIRST, MOST, PER_AREA
from capofila.reports.tests.builders import make_company, make_picture, make_submission, varied
from capofila.reports.tests.reading import texts
from capofila.roadmap import planning
from capofila.roadmap.as_json import as_json
from capofila.roadmap.own_days import own_days
from capofila.roadmap.planning import Basis, Choices, Roadmap
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import Firm
from capofila.roadmap.rules.schedule import Wishes

LANGUAGES = ("it", "en")
GOALS = ("certification-iso-27001", "shorter-lead-times")
KEYS = ("map", "actions", "plan", "services")


def every(blocks: object) -> Iterator[Block]:
    for block in blocks if isinstance(blocks, list | tuple) else []:
        yield block
        for inner in ("blocks", "note", "main"):
            yield from every(getattr(block, inner, None))


def chapter(document: Document, key: str) -> Chapter:
    return next(found for found in document.chapters if found.key == key)


def table(found: Chapter, caption: str) -> Table:
    return next(
        block for block in every(found.blocks) if isinstance(block, Table) and caption in block.caption
    )


def cell(inline: object) -> str:
    return " ".join(texts(inline))


def a_roadmap(choices: Choices | None = None, seed: int = 1) -> Roadmap:
    submission = make_submission(varied(seed))
    firm = Firm("manufacturing", "small", GOALS)
    basis = Basis(submission.instrument, submission.name, submission.answers, firm)
    return planning.preview(basis, choices or Choices())


def a_document(language: str = "it", seed: int = 1, **parts: object) -> Document:
    company = make_company(size="small", goals=GOALS)
    return compose(make_submission(varied(seed)), company, language, **parts)  # type: ignore[arg-type]


# Which actions, and in which order


def test_the_first_actions_follow_the_plan_with_few_from_one_area() -> None:
    road = make_picture(make_submission(varied(5, 1.9)), size="medium").road

    assert road is not None
    starts = [road.start(priority.code) or 0 for priority in road.first]
    areas = [priority.raised.action.area for priority in road.first]
    assert len(road.first) == FIRST
    assert starts == sorted(starts)
    assert max(areas.count(area) for area in areas) <= PER_AREA


def test_a_plan_that_nobody_worked_on_holds_the_actions_that_matter_most() -> None:
    road = make_picture(make_submission(varied(5, 1.9)), size="medium").road

    assert road is not None
    assert len(road.planned) + len(road.roadmap.plan.left_out) <= MOST
    assert road.assumed_days == own_days("medium")
    assert road.made == "quick"
    told = {*road.numbers, *road.left_out, *(priority.code for priority in road.later)}
    assert told == {priority.code for priority in road.roadmap.priorities}
    codes = {priority.code for priority in road.roadmap.priorities}
    for priority in road.planned:
        assert all(before in road.numbers for before in priority.raised.action.after if before in codes)


def test_a_roadmap_that_the_hub_keeps_is_told_whole() -> None:
    kept = a_roadmap()

    road = Picture(make_company(), make_submission(varied(1)), "", "it", roadmap=kept).road

    assert road is not None
    assert len(road.planned) == len(kept.plan.starts) > MOST
    assert road.made == "proven"  # all at their earliest: nothing is better


@pytest.mark.parametrize("level", [5, None])
def test_without_a_raised_action_the_report_has_none_of_these_chapters(level: int | None) -> None:
    document = compose(make_submission(lambda question: level), make_company(), "it")

    assert not set(KEYS) & {found.key for found in document.chapters}


# What they say


def test_both_languages_have_the_same_headings_and_numbers() -> None:
    italian, english = (a_document(language) for language in LANGUAGES)

    for key in (*KEYS, "goals", "benchmark"):
        one, other = (
            [
                (type(block).__name__, getattr(block, "key", None), len(getattr(block, "rows", ())))
                for block in every(chapter(document, key).blocks)
                if isinstance(block, Heading | Table)
            ]
            for document in (italian, english)
        )
        assert one == other


def test_figures_are_those_that_the_roadmap_command_prints() -> None:
    kept = a_roadmap()
    printed = {item["action"]: item for item in as_json(kept, "en")["items"]}  # type: ignore[attr-defined]
    document = a_document("en", roadmap=kept)
    road = Picture(make_company(), make_submission(varied(1)), "", "en", roadmap=kept).road
    assert road is not None
    codes = {str(number): code for code, number in road.numbers.items()}

    ranked = table(chapter(document, "map"), "The first actions")
    whole = table(chapter(document, "map"), "All actions by area")

    assert len(ranked.rows) == FIRST
    for row in ranked.rows:
        said = printed[codes[cell(row[0])]]
        assert cell(row[3]) == str(said["days"])
        assert float(cell(row[4]).replace(",", "")) == float(said["cost_eur"])
        assert float(cell(row[5])) == pytest.approx(said["gain"], abs=0.0051)
        assert float(cell(row[6])) == pytest.approx(said["priority"], abs=0.0051)
    for row in whole.rows:
        first, last = printed[codes[cell(row[0])]]["quarter"], printed[codes[cell(row[0])]]["quarters"]
        assert cell(row[6]) == (f"{first}–{first + last - 1}" if last > 1 else str(first))
    why = [" ".join(texts(block)) for block in every(chapter(document, "actions").blocks)]
    for priority in road.first:
        assert any(road.why(priority) in text for text in why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_raised_action_stands_once_on_the_map(language: str) -> None:
    p = make_picture(make_submission(varied(3)), language)
    assert p.road is not None
    caption = p.say.say("map.all-caption")

    rows = table(chapter(compose(p.submission, p.company, language), "map"), caption).rows

    names = sorted(cell(row[1]) for row in rows)
    assert names == sorted(p.road.words(raised.code).name for raised in p.road.roadmap.priorities)


def test_the_weights_are_printed_with_their_values() -> None:
    found = table(chapter(a_document("en"), "map"), "four factors")

    assert [cell(row[0]) for row in found.rows] == ["Gap", "Relevance", "Distance from others", "Feasibility"]
    assert [cell(row[2]) for row in found.rows] == ["1", "1", "1", "1"]


def test_the_summary_the_cover_and_the_areas_follow_the_first_actions() -> None:
    document = a_document("it")
    road = Picture(make_company(size="small", goals=GOALS), make_submission(varied(1)), "", "it").road
    assert road is not None
    assert document.cover is not None

    rows = table(chapter(document, "summary"), "Le prime tre azioni").rows

    assert [cell(row[0]) for row in rows] == ["1", "2", "3"]
    assert all(road.words(q.code).name in cell(row[1]) for q, row in zip(road.now, rows, strict=True))
    assert all(road.words(q.code).steps[0] in cell(row[1]) for q, row in zip(road.now, rows, strict=True))
    assert "le prime tre azioni" in document.cover.key[0]
    areas = " ".join(text for found in document.chapters if found.number for text in texts(found))
    assert re.search(r"Azione \d+: [A-Z]", areas)


def test_quarters_add_up_and_keep_the_budget() -> None:
    kept = a_roadmap(Choices(limits=Limits(60_000_00, 30)))
    road = Picture(make_company(), make_submission(varied(1)), "", "it", roadmap=kept).road
    assert road is not None

    found = plan.quarters(road)

    actions_ = [priority.raised.action for priority in road.planned]
    assert sum(quarter.days for quarter in found) == sum(action.days for action in actions_)
    assert sum(quarter.cents for quarter in found) == sum(action.cents for action in actions_)
    assert all(quarter.days <= 30 for quarter in found)
    assert all((quarter.left or 0) >= 0 for quarter in found)
    assert found[-1].released == 60_000_00
    assert found[2].released == 15_000_00
    assert sorted(number for quarter in found for number in quarter.begun) == list(road.numbers.values())


def test_what_is_left_out_says_why() -> None:
    codes = list(a_roadmap().plan.starts)
    wishes = Wishes(excluded=frozenset(codes[4:6]))
    not_relevant = {codes[0]: "lo fa il gruppo"}
    kept = a_roadmap(Choices(limits=Limits(20_000_00, 20), wishes=wishes, not_relevant=not_relevant))

    document = a_document(roadmap=kept)

    found = table(chapter(document, "plan"), "Azioni fuori dal piano")
    reasons = {cell(row[0]): int(cell(row[1])) for row in found.rows}
    assert reasons["Non vi riguarda: lo fa il gruppo"] == 1
    assert reasons["Escluse con il consulente"] == 2
    assert sum(reasons.values()) == len(kept.left_out)


def test_the_gain_of_a_plan_counts_a_question_once() -> None:
    road = Picture(make_company(), make_submission(varied(1)), "", "it", roadmap=a_roadmap()).road
    assert road is not None

    after = plan.scores_after(road, road.planned).overall.value
    before = road.roadmap.scores.overall.value

    assert after is not None
    assert before is not None
    assert after - before == road.roadmap.gain
    assert after - before < sum((road.roadmap.gains[q.code] or Fraction(0)) for q in road.planned)


def test_a_goal_shows_what_is_met_and_what_the_questionnaire_does_not_ask() -> None:
    said = " ".join(texts(chapter(a_document("en"), "goals")))

    assert "this is not a certification" in said
    assert "does not cover" in said
    assert "accredited" in said  # what a certificate takes besides


def test_without_goals_there_is_no_chapter_on_them() -> None:
    document = compose(make_submission(varied(1)), make_company(), "it")

    assert "goals" not in {found.key for found in document.chapters}


def test_peers_are_shown_with_their_cohort_and_what_is_withheld_with_its_reason() -> None:
    peers = Peers(
        "2026Q3-metal-small-7f3a",
        date(2026, 9, 30),
        "size",
        12,
        {"str": Published(12, 290, {25: 240, 50: 290, 75: 340}), "des": Suppressed("dominance")},
        {"province": "too-few"},
    )

    said = " ".join(texts(chapter(a_document("en", peers=peers), "benchmark")))

    assert "2026Q3-metal-small-7f3a" in said
    assert "30 September 2026" in said.replace("\u00a0", " ")
    assert "one or two companies weigh too much" in said
    assert "2.40–3.40" in said
    assert "size and province" in said  # the group that was passed over


def test_until_there_are_peers_published_lines_stand_with_their_source() -> None:
    said = " ".join(texts(chapter(a_document("en"), "benchmark")))

    assert "another questionnaire" in said
    assert "Agenzia Nova, 19.7.2023 (2023)" in said
    assert "2.85" in said


# Text that a consultant may replace


def test_overrides_take_the_place_of_texts() -> None:
    road = Picture(make_company(size="small", goals=GOALS), make_submission(varied(1)), "", "it").road
    assert road is not None
    key = f"action.{road.first[0].code}"
    own = {
        "summary": [Paragraph("Sommario nostro.")],
        "area.qua.lead": [Paragraph("Area nostra."), Bullets(["uno", "due"])],
        key: [Paragraph("Azione nostra.")],
    }

    document = a_document(overrides=own)

    blocks = [block for found in document.chapters for block in every(found.blocks)]
    replaced = {block.key: block.blocks for block in blocks if isinstance(block, TextBlock)}
    assert {name: replaced[name] for name in own} == own
    assert len([name for name in replaced if name.startswith("action.")]) == FIRST


# On paper


def the_cards(found: Chapter) -> list[tuple[str, Aside]]:
    return [
        (heading.text, aside)
        for group in found.blocks
        if isinstance(group, Together)
        for heading, aside in [group.blocks]
        if isinstance(heading, Heading) and isinstance(aside, Aside)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", ["manufacturing", "services", "trade", "construction-crafts"])
def test_no_card_is_higher_than_half_a_page(language: str, profile: str) -> None:
    for seed in range(3):
        p = make_picture(make_submission(varied(seed, 1.5 + seed), profile=profile), language)

        for title, aside in the_cards(actions.chapters(p)[0]):
            note = half_page.height(aside.note, half_page.NOTE, half_page.BETWEEN_NOTES)
            main = half_page.height(aside.main, half_page.MAIN, half_page.BETWEEN)
            assert half_page.head(title) + max(note, main) <= half_page.HALF, title


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_card_stands_whole_on_a_page_and_two_share_it(language: str) -> None:
    p = make_picture(make_submission(varied(1), profile="trade"), language, size="small")
    assert p.road is not None
    document = compose(p.submission, p.company, language)

    pages = pypdfium2.PdfDocument(io.BytesIO(pdf.render(document)))

    printed = [" ".join(page.get_textpage().get_text_range().split()) for page in pages]
    on = []
    for title, aside in the_cards(chapter(document, "actions")):
        end = " ".join(list(texts(aside.main))[-2].split())[-30:]
        place = next(at for at, text in enumerate(printed) if title in text)
        assert end in printed[place], title
        on.append(place)
    assert on == sorted(on)
    assert [on.count(page) for page in dict.fromkeys(on)] == [2] * (FIRST // 2)


def test_a_very_long_text_does_not_stop_the_report() -> None:
    p = make_picture(make_submission(varied(1)), size="small", goals=GOALS)
    assert p.road is not None
    long = [Paragraph("parola " * 3000)]

    made = pdf.render(a_document(overrides={f"action.{p.road.first[1].code}": long, "summary": long}))

    assert made.startswith(b"%PDF")


def test_word_and_html_hold_every_action_chapter() -> None:
    document = a_document("en")
    titles = [chapter(document, key).title for key in (*KEYS, "goals", "benchmark")]

    page = html.render(document).decode()
    written = docx.render(document)

    assert all(title in page for title in titles)
    assert page.count('<ol class="small">') == FIRST
    assert written.startswith(b"PK")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cost_is_broken_in_its_column(language: str) -> None:
    p = make_picture(make_submission(lambda question: 3), language)
    assert p.road is not None
    found = table(chapter(compose(p.submission, p.company, language), "map"), p.say.say("map.all-caption"))
    at = next(index for index, column in enumerate(found.columns) if "€" in column.head)
    shares = sum(column.share for column in found.columns)
    free = PAGE - TABLE_GAP * (len(found.columns) - 1)

    room = Room(free * found.columns[at].share / shares, 9)

    actions_ = p.road.roadmap.library.actions
    assert all(room.holds(action_blocks.cost(p, action, short=True)) for action in actions_)

"""A chapter for each area: where you are, what the next level looks like, what to ask to see."""

from collections.abc import Mapping, Sequence

from capofila.instruments.rules.shape import Question
from capofila.lib import charts
from capofila.lib.document import (
    Aside,
    Block,
    Bullets,
    Callout,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Step,
    Steps,
    Table,
    Together,
)
from capofila.reports.chapters import blocks
from capofila.reports.chapters.where import Fit, fit, next_text, where
from capofila.reports.picture import Area, Picture
from capofila.reports.rules.steps import NextStep

STEPS = 3
CHART = 150  # mm; an area takes two pages
VOICE = 200  # characters of the longest note that is printed beside the text


def chapters(p: Picture) -> list[Chapter]:
    """Areas that ask for levels and concern the company; what else there is stands in the annex."""
    return [
        _chapter(p, area)
        for area in p.areas
        if area.score.coverage is not None and any(question.type == "level" for question in area.questions)
    ]


def _chapter(p: Picture, area: Area) -> Chapter:
    own = [step for step in p.steps if step.question.area == area.code]
    steps = sorted(own, key=lambda step: -step.area_gain)[:STEPS]  # equal gains keep the order of priority
    lead = p.text(f"area.{area.code}.lead", _lead(p, area))
    page = fit(p, area, steps, lead)
    found: list[Block] = [
        Aside(
            _side(p, area, steps, page),
            [lead, *where(p, area, page)],
        ),
        *_next_levels(p, steps, page),
        *_questions(p, area, steps),
        *_three_steps(p, area, steps),
        *_evidence(p, area, steps),
    ]
    return Chapter(
        f"area.{area.code}",
        area.name,
        found,
        running=f"{area.digits} {area.name}",
        number=area.digits,
        position=area.place,
        of=len(p.areas),
    )


def _side(p: Picture, area: Area, steps: Sequence[NextStep], page: Fit) -> list[Block]:
    """The area's figure with its rank, its answers, its dimensions and why it matters."""
    say, score = p.say, area.score
    facts: list[Inline] = []
    if score.value is not None and not p.alike(other.score for other in p.ranked):
        rank = 1 + sum(not p.alike([other.score, score]) for other in p.ranked[: p.ranked.index(area)])
        facts.append(say.say("area.rank", rank=rank, count=len(p.ranked)))
    facts.append(say.say("area.answers", answered=score.answered, applicable=score.applicable))
    excluded = sum(p.excluded(question.code) for question in area.questions)
    if excluded:
        facts.append(say.say("area.not-applicable", count=excluded))
    found: list[Block] = [blocks.big_figure(p, score, area.name, facts)]
    dimensions = [
        say.say(
            "area.dimension", name=p.dimension_name(code), score=p.figure(p.scores.cells[area.code, code])
        )
        for code in p.instrument.dimensions
    ]
    if dimensions:
        found.append(Bullets(dimensions))
    stake = p.sentences["areas"].get(area.code, {}).get("stake")
    if stake:
        found.append(Paragraph([Run(f"{say.say('area.stake')}. ", strong=True), stake], "small"))
    return found + (_voice(p, area, steps) if page.voice else [])


def _lead(p: Picture, area: Area) -> list[Paragraph]:
    say, score = p.say, area.score
    if score.value is None:
        return [Paragraph(blocks.withheld_words(p, score, "area.withheld", area=area.name), "lead")]
    sentences = _cell_sentences(p, area)
    if not sentences:
        overall = p.figure(p.scores.overall)
        text = say.say(
            "area.lead-plain",
            area=area.name,
            score=p.figure(score),
            place=blocks.place_words(p, area),
            overall=overall,
        )
        return [Paragraph(text, "lead")]
    return [Paragraph(" ".join(sentences), "lead")]


def _cell_sentences(p: Picture, area: Area) -> list[str]:
    """What is said of the area's highest and of its lowest dimension; one sentence when they are alike."""
    known = [
        (score.value, code)
        for code in p.instrument.dimensions
        if (score := p.scores.cells[area.code, code]).value is not None
    ]
    if not known:
        return []
    high = max(known, key=lambda pair: pair[0])
    low = min(known, key=lambda pair: pair[0])
    said = [p.cell_sentence(area.code, code) for _, code in dict.fromkeys([high, low])]
    return [sentence for sentence in said if sentence]


def _next_levels(p: Picture, steps: Sequence[NextStep], page: Fit) -> list[Block]:
    if not steps:
        return []
    items = [
        Step(
            step.target,
            p.question(step.question.code).label,
            next_text(p, step, stages=page.stages),
            p.numbers[step.question.code],
        )
        for step in steps
    ]
    return [Heading(p.say.say("area.next")), Steps(items)]


def _questions(p: Picture, area: Area, steps: Sequence[NextStep]) -> list[Block]:
    say = p.say
    levels = blocks.levels(p, area.questions)
    if not levels:
        return []
    targets = {step.question.code: step.target for step in steps}
    alt = say.say(
        "area.questions-alt",
        area=area.name,
        levels=", ".join(f"{p.numbers[question.code]}: {level}" for question, level in levels),
    )
    chart = charts.questions(
        [
            charts.QuestionGroup(
                name, mean, [_row(p, question, targets) for question in questions if question.type == "level"]
            )
            for name, mean, questions in _groups(p, area)
        ],
        alt=alt,
        locale=p.locale,
        not_applicable=say.say("annex.mark-not-applicable"),
    )
    count = say.count("question", len(area.questions))
    note = say.say("area.questions-note") if area.place == 1 else ""  # said once
    return [
        Heading(say.say("area.questions", count=count)),
        Figure(chart, alt, note, width=CHART),
    ]


def _groups(p: Picture, area: Area) -> list[tuple[str, float | None, list[Question]]]:
    if not p.instrument.dimensions:
        return [("", None, list(area.questions))]
    found = []
    for code in p.instrument.dimensions:
        questions = [question for question in area.questions if question.dimension == code]
        if questions:
            mean = p.scores.cells[area.code, code].value
            found.append((p.dimension_name(code), None if mean is None else float(mean), questions))
    return found


def _row(p: Picture, question: Question, targets: Mapping[str, int]) -> charts.Question:
    level = p.level(question)
    state: charts.State = "answered"
    if level is None:
        state = "not applicable" if p.excluded(question.code) else "unanswered"
    return charts.Question(
        p.numbers[question.code], p.question(question.code).label, level, state, targets.get(question.code)
    )


def _three_steps(p: Picture, area: Area, steps: Sequence[NextStep]) -> list[Block]:
    say = p.say
    if area.score.value is None:
        return []
    if not steps:
        answered = blocks.levels(p, area.questions)
        return [Paragraph(say.say("area.top", area=area.name))] if answered else []
    after = p.scores_after(steps).areas[area.code]
    text = say.rich("area.steps-text", area=area.name, score=p.figure(area.score), after=p.figure(after))
    rows: list[list[Inline]] = [
        [
            str(place),
            [*blocks.step_name(p, step, levels=True), *_action(p, step)],
            p.question(step.question.code).why,
            p.gain(step.area_gain),
        ]
        for place, step in enumerate(steps, start=1)
    ]
    columns = [
        Column("", 0.1),
        Column(say.say("column.step"), 0.86),
        Column(say.say("column.why"), 1.3),
        Column(say.say("column.on-area"), 0.28, figures=True),
    ]
    title = say.say("area.steps" if len(steps) == STEPS else "area.steps-fewer")
    table = Table(columns, rows, say.say("area.steps-caption", area=area.name), emphasis=STEPS)
    return [Together([Heading(title), Paragraph(text), table])]


def _action(p: Picture, step: NextStep) -> list[Run]:
    """The action that brings a step, where one does."""
    found = None if p.road is None else p.road.lifting(step.question.code, step.target)
    if p.road is None or found is None:
        return []
    name = p.road.words(found.code).name
    number = p.road.numbers.get(found.code)
    if number is None:
        return [Run(". "), *p.say.rich("area.action-later", name=name)]
    return [Run(". "), *p.say.rich("area.action", number=number, name=name)]


def _evidence(p: Picture, area: Area, steps: Sequence[NextStep]) -> list[Block]:
    """What to ask to see: of the three steps, or of the lowest answers' questions."""
    asked = [step.question for step in steps] or list(area.questions[:STEPS])
    items: list[Inline] = [
        [Run(f"{p.numbers[question.code]}  ", strong=True), p.question(question.code).evidence]
        for question in asked
        if p.question(question.code).evidence
    ]
    return [Callout(p.say.say("area.evidence"), [Bullets(items)])] if items else []


def _voice(p: Picture, area: Area, steps: Sequence[NextStep]) -> list[Block]:
    """One note of the interview, of a step where there is one, as the company's own words."""
    first = [step.question.code for step in steps]
    codes = sorted((question.code for question in area.questions), key=lambda code: code not in first)
    for code in codes:
        answer = p.answer(code)
        if answer is not None and 0 < len(answer.note) <= VOICE:
            head = Run(f"{p.say.say('area.voice')} ", strong=True)
            said = Run(p.say.say("area.voice-quote", note=answer.note), emphasis=True)
            return [
                Paragraph([head, said, f" {p.say.say('area.voice-source', number=p.numbers[code])}"], "small")
            ]
    return []

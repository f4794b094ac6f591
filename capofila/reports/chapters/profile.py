"""The overall profile: areas on a radar, areas by dimensions on a heat map, strengths and gaps."""

from capofila.instruments.rules.shape import LEVELS, Question
from capofila.lib import charts
from capofila.lib.document import (
    Block,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
    Together,
)
from capofila.reports.chapters import blocks
from capofila.reports.chapters.summary import EVEN
from capofila.reports.picture import Picture, value

LISTED = 6  # strengths, and as many gaps
PER_AREA = 2
TIED = 3  # cells named where several read the same


def chapter(p: Picture) -> Chapter:
    found: list[Block] = []
    if len(p.ranked) > 2:
        found += _radar(p)
    if p.instrument.dimensions and p.ranked:
        found += _heat(p)
    found += _extremes(p)
    return Chapter("profile", _title(p), found, running=p.say.say("profile.running"))


def _title(p: Picture) -> str:
    say, ranked = p.say, p.ranked
    if len(ranked) < 2:
        return say.say("profile.title-few")
    high, low = ranked[0], ranked[-1]
    if (high.score.value or 0) - (low.score.value or 0) < EVEN:
        return say.say("profile.title-even")
    return say.say(
        "profile.title-spread", high=high.name, low=low.name, distance=p.distance(high.score, low.score)
    )


def _radar(p: Picture) -> list[Block]:
    say = p.say
    alt = say.say("profile.radar-alt", scores=p.score_list())
    axes = [charts.Axis(area.digits, p.area_short(area.code), value(area.score)) for area in p.areas]
    chart = charts.radar(axes, alt=alt, locale=p.locale, scale=p.radar_scale)
    overall = p.scores.overall.value
    texts: list[Inline] = []
    if overall is not None:
        above = [area for area in p.ranked if p.place(area.score) == "above"]
        below = [area for area in p.ranked if p.place(area.score) == "below"]
        if above and below:
            texts.append(
                say.say(
                    "profile.radar-spread",
                    score=p.figure(p.scores.overall),
                    above=say.listed([f"{area.name} ({p.figure(area.score)})" for area in above]),
                    below=say.listed([f"{area.name} ({p.figure(area.score)})" for area in below]),
                )
            )
    high, low = p.ranked[0], p.ranked[-1]
    even = (high.score.value or 0) - (low.score.value or 0) < EVEN
    same = p.alike(area.score for area in p.ranked)
    texts.append(
        say.say(
            f"profile.radar-shape-{'same' if same else 'even' if even else 'spread'}",
            score=p.figure(high.score),
            distance=p.distance(high.score, low.score),
            high=high.name,
            low=low.name,
        )
    )
    note = say.say("profile.radar-note", top=f"{float(p.instrument.high):g}")
    return [
        Heading(say.say("profile.radar")),
        *(Paragraph(text) for text in texts),
        Figure(chart, alt, note, width=150),
    ]


def _heat(p: Picture) -> list[Block]:
    say, instrument = p.say, p.instrument
    if p.bands is None:
        return []
    known = sorted(
        ((score.value, key) for key, score in p.scores.cells.items() if score.value is not None),
        key=lambda pair: pair[0],
    )
    if not known:
        return []
    low_key, high_key = known[0][1], known[-1][1]
    alt = say.say("profile.heat-alt", high=_cell_name(p, high_key), low=_cell_name(p, low_key))
    rows = [
        charts.HeatRow(
            area.digits,
            area.name,
            [value(p.scores.cells[area.code, dimension]) for dimension in instrument.dimensions],
            value(area.score),
            [_share(p, area.code, dimension) for dimension in instrument.dimensions],
        )
        for area in p.areas
    ]
    foot = charts.HeatRow(
        "",
        say.say("profile.mean"),
        [value(p.scores.dimensions[dimension]) for dimension in instrument.dimensions],
        value(p.scores.overall),
    )
    chart = charts.heatmap(
        rows,
        [p.dimension_name(code) for code in instrument.dimensions],
        bands=p.bands,
        alt=alt,
        locale=p.locale,
        total_name=say.say("column.area"),
        foot=foot,
    )
    key = charts.band_key(
        [p.words.names[band.code] for band in instrument.bands.bands], p.bands, locale=p.locale
    )
    if p.alike(p.scores.cells.values()):
        text = say.rich("profile.heat-same", score=p.figure(p.scores.cells[high_key]))
    else:
        text = blocks.joined([_extreme(p, "high", high_key), _extreme(p, "low", low_key)])
    key_alt = say.say("guide.bands-caption")
    return [
        Heading(say.say("profile.heat")),
        Paragraph(text),
        Figure(chart, alt, say.say("profile.heat-note")),
        Figure(key, key_alt),
    ]


def _cell_name(p: Picture, key: tuple[str, str]) -> str:
    return f"{p.area_name(key[0])}, {p.dimension_name(key[1]).lower()}"


def _extreme(p: Picture, end: str, key: tuple[str, str]) -> list[Run]:
    """The cell at one end with what is said of it; where several read the same, they are named together."""
    say, score = p.say, p.scores.cells[key]
    tied = [other for other, found in p.scores.cells.items() if found.value and p.alike([found, score])]
    if len(tied) == 1:
        names = [_cell_name(p, key), p.cell_sentence(*key)]
        return say.rich(f"profile.heat-{end}", cell=names[0], score=p.figure(score), sentence=names[1])
    named = say.listed([_cell_name(p, other) for other in tied[:TIED]])
    more = len(tied) - TIED
    suffix = say.say("profile.heat-more", count=more) if more > 0 else ""
    return say.rich(f"profile.heat-{end}-many", cells=named + suffix, score=p.figure(score))


def _share(p: Picture, area: str, dimension: str) -> str:
    score = p.scores.cells[area, dimension]
    return f"{score.answered}/{score.applicable}"


def _extremes(p: Picture) -> list[Block]:
    say = p.say
    chosen = blocks.levels(p, p.shown)
    if not chosen:
        return []
    area_score = {area.code: area.score.value or 0 for area in p.areas}
    highest = sorted(chosen, key=lambda pair: (-pair[1], -area_score[pair[0].area]))
    lowest = sorted(chosen, key=lambda pair: (pair[1], area_score[pair[0].area]))
    strengths = [pair for pair in _spread(highest) if pair[1] > lowest[0][1]]
    taken = {question.code for question, _ in strengths}
    below = [pair for pair in lowest if pair[1] < LEVELS[-1]]
    gaps = [pair for pair in _spread(below) if pair[0].code not in taken]
    found: list[Block] = []
    for kind, pairs in (("strengths", strengths), ("gaps", gaps)):
        if pairs:
            heading = Heading(say.say(f"profile.{kind}"))
            text = Paragraph(say.say(f"profile.{kind}-text"))
            found.append(Together([heading, text, _table(p, pairs, say.say(f"profile.{kind}-caption"))]))
    return found


def _spread(pairs: list[tuple[Question, int]]) -> list[tuple[Question, int]]:
    taken: list[tuple[Question, int]] = []
    for question, level in pairs:
        if sum(other.area == question.area for other, _ in taken) < PER_AREA and len(taken) < LISTED:
            taken.append((question, level))
    return taken


def _table(p: Picture, pairs: list[tuple[Question, int]], caption: str) -> Table:
    say = p.say
    rows: list[list[Inline]] = [
        [
            [Run(p.question(question.code).label, strong=True), f" ({p.numbers[question.code]})"],
            str(level),
            blocks.level_text(p, question, level),
        ]
        for question, level in pairs
    ]
    columns = [
        Column(say.say("column.question"), 0.5),
        Column(say.say("column.level"), 0.14, figures=True),
        Column(say.say("column.answer"), 1.2),
    ]
    return Table(columns, rows, caption)

"""The company, the interview, how far the scores are covered, and how they are worked out."""

from collections import Counter
from statistics import median_low

from capofila.lib import charts
from capofila.lib.document import (
    Block,
    Bullets,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Table,
    Together,
)
from capofila.reports.chapters import blocks
from capofila.reports.picture import Area, Picture
from capofila.roadmap.goals import goals


def chapter(p: Picture) -> Chapter:
    say = p.say
    found: list[Block] = [
        Heading(say.say("facts.company")),
        blocks.facts_table(p, _company(p), say.say("facts.company-caption")),
        Heading(say.say("facts.interview")),
        blocks.facts_table(p, _interview(p), say.say("facts.interview-caption")),
        *_levels(p),
        Together([Heading(say.say("facts.coverage")), Paragraph(_coverage_text(p)), _coverage(p)]),
        Heading(say.say("facts.method")),
        *(Paragraph(text) for text in _method(p)),
        *_warnings(p),
    ]
    return Chapter("facts", say.say("facts.title"), found, running=say.say("facts.running"))


def _company(p: Picture) -> list[tuple[str, Inline]]:
    say, company = p.say, p.company
    size = say.say(f"size.{company.size}") if company.size else None
    if size and company.size_is_provisional:
        size = say.say("facts.size-provisional", size=size)
    rows = [
        (say.say("facts.name"), company.name),
        (say.say("facts.vat"), company.vat),
        (say.say("facts.tax-code"), company.tax_code),
        (say.say("facts.rea"), company.rea),
        (say.say("facts.ateco", version=company.ateco[0]), company.ateco[1]) if company.ateco else ("", None),
        (say.say("facts.province"), company.province),
        (say.say("facts.size"), size),
        (say.say("facts.employees"), None if company.employees is None else str(company.employees)),
        (say.say("facts.turnover"), _euros(p, company.turnover_cents)),
        (say.say("facts.balance-sheet"), _euros(p, company.balance_sheet_cents)),
        (say.say("facts.statuses"), _statuses(p)),
        (say.say("facts.goals"), say.listed([goals()[goal][p.language] for goal in company.goals])),
        (say.say("facts.goals-text"), company.goals_text),
    ]
    return [(name, fact) for name, fact in rows if fact]


def _euros(p: Picture, cents: int | None) -> str | None:
    return None if cents is None else p.say.euros(cents)


def _statuses(p: Picture) -> str:
    say = p.say
    return say.listed(
        [
            say.say("facts.status-dated", status=say.say(f"status.{code}"), day=say.day(day))
            if day
            else say.say(f"status.{code}")
            for code, day in p.company.statuses.items()
        ]
    )


def _instrument(p: Picture) -> str:
    """Its name where we know one; a hub's own goes by its code."""
    key = f"instrument.{p.instrument.code}"
    if key in p.say:
        return p.say.say(key, version=p.instrument.version)
    return f"{p.instrument.code} {p.instrument.version}"


def _interview(p: Picture) -> list[tuple[str, Inline]]:
    say, submission = p.say, p.submission
    answered = sum(p.answered(question.code) for question in p.shown)
    excluded = sum(p.excluded(question.code) for question in p.shown)
    rows = [
        (say.say("facts.instrument"), _instrument(p)),
        (say.say("facts.profile"), p.words.names[submission.profile] if submission.profile else None),
        (say.say("facts.stage"), say.say(f"facts.stage-{submission.stage}") if submission.stage else None),
        (say.say("facts.day"), say.day(submission.day) if submission.day else None),
        (
            say.say("facts.questions"),
            say.say(
                "facts.questions-text",
                asked=len(p.shown),
                answered=answered,
                not_applicable=excluded,
                unanswered=len(p.shown) - answered - excluded,
            ),
        ),
        (say.say("facts.notes"), str(sum(bool(answer.note) for answer in submission.answers.values()))),
    ]
    return [(name, fact) for name, fact in rows if fact]


def _levels(p: Picture) -> list[Block]:
    say = p.say
    chosen = [level for _, level in blocks.levels(p, p.shown)]
    if not chosen:
        return []
    counts = Counter(chosen)
    most = max(counts, key=lambda level: (counts[level], level))
    alt = say.say("facts.levels-alt", counts=", ".join(f"{level}: {counts[level]}" for level in range(1, 6)))
    names = [say.say(f"guide.level-{level}") for level in range(1, 6)]
    chart = charts.levels_strip(
        [counts[level] for level in range(1, 6)], alt=alt, names=names, width=charts.PAGE
    )
    tied = [level for level in sorted(counts) if counts[level] == counts[most]]
    text = say.say(
        "facts.levels-text" if len(tied) == 1 else "facts.levels-tied",
        level=most,
        levels=say.listed([str(level) for level in tied]),
        count=counts[most],
        answered=say.count("answer", len(chosen)),
        median=median_low(chosen),
    )
    return [Heading(say.say("facts.levels")), Paragraph(text), Figure(chart, alt)]


def _coverage_text(p: Picture) -> str:
    nothing = [p.say.say("area.nothing", area=area.name) for area in p.areas if area.score.coverage is None]
    return " ".join([_answered_text(p), *nothing])


def _answered_text(p: Picture) -> str:
    say = p.say
    missing = sum(not p.answered(q.code) and not p.excluded(q.code) for q in p.shown)
    if not missing:
        return say.say("facts.coverage-full")
    touched = [area.name for area in p.areas if area.score.answered < area.score.applicable]
    text = say.say("facts.coverage-part", missing=say.count("answer", missing), areas=say.listed(touched))
    withheld = [area.name for area in p.areas if area.score.withheld]
    if withheld:
        text += " " + say.say("facts.withheld", areas=say.listed(withheld))
    return text


def _coverage(p: Picture) -> Table:
    say = p.say
    columns = [
        Column(say.say("column.area"), 1.5),
        *(
            Column(say.say(f"column.{name}"), 0.6, figures=True)
            for name in ("applicable", "answered", "not-applicable", "coverage", "score")
        ),
        Column(say.say("column.band"), 0.7),
    ]
    rows = [_coverage_row(p, area) for area in p.areas]
    overall = p.scores.overall
    foot = [
        say.say("steps.overall"),
        str(overall.applicable),
        str(overall.answered),
        str(sum(p.excluded(question.code) for question in p.shown)),
        "–" if overall.coverage is None else say.percent(float(overall.coverage)),
        p.figure(overall),
        p.band_name(overall),
    ]
    return Table(columns, rows, say.say("facts.coverage-caption"), foot=foot, dense=True)


def _coverage_row(p: Picture, area: Area) -> list[Inline]:
    score = area.score
    return [
        f"{area.digits} {area.name}",
        str(score.applicable),
        str(score.answered),
        str(sum(p.excluded(question.code) for question in area.questions)),
        "–" if score.coverage is None else p.say.percent(float(score.coverage)),
        p.figure(score),
        p.band_name(score),
    ]


def _method(p: Picture) -> list[Inline]:
    say = p.say
    found: list[Inline] = []
    if p.ranked and p.instrument.scoring.rule == "weighted-mean":
        area = p.ranked[len(p.ranked) // 2]
        chosen = blocks.levels(p, area.questions)
        count = say.count("answer", area.score.answered)
        plain = len(chosen) == area.score.answered and all(question.weight == 1 for question, _ in chosen)
        if plain and p.five_levels:
            found.append(
                say.rich(
                    "facts.method-area",
                    area=area.name,
                    sum=sum(level for _, level in chosen),
                    count=count,
                    number=len(chosen),
                    score=p.figure(area.score),
                )
            )
        else:
            found.append(
                say.rich(
                    "facts.method-area-weighted", area=area.name, count=count, score=p.figure(area.score)
                )
            )
        if p.scores.overall.value is not None:
            found.append(
                say.rich(
                    "facts.method-overall",
                    score=p.figure(p.scores.overall),
                    count=say.count("area", len(p.ranked)),
                )
            )
    if p.instrument.scoring.rule == "eu-dma":
        found.append(say.say("facts.method-eu"))
    excluded = sum(p.excluded(question.code) for question in p.shown)
    if excluded:
        found.append(
            say.say(
                "facts.method-not-applicable",
                count=excluded,
                asked=say.count("question", len(p.shown)),
            )
        )
    found.append(say.say("facts.method-exact"))
    return found


def _warnings(p: Picture) -> list[Block]:
    say = p.say
    texts = [say.say("facts.warning-hidden", number=p.numbers[code]) for code in p.scores.hidden]
    texts += [
        say.say("facts.warning-contradictory", number=p.numbers[code]) for code in p.scores.contradictory
    ]
    return [Heading(say.say("facts.method-warnings"), 3), Bullets(texts)] if texts else []

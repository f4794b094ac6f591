"""A small, valid instrument with a question of every type, as text and as an object."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import yaml

from capofila.instruments.rules import reading
from capofila.instruments.rules.shape import Bands, Instrument, Question
from capofila.lib import sources
from capofila.lib.problems import Problem

SMALL = """\
code: small
version: "1.0"
source: "Invented for tests"
scale: [1, 5]
areas: [ord, mac]
dimensions: [doing, tools]
profiles:
  workshop: {}
  office: {not_applicable: [mac.care]}
not_applicable: excluded
min_coverage: 0.5
bands: {edge: lower, list: [[low, 1, 3], [high, 3, 5]]}
scoring: {rule: weighted-mean}
questions:
  - {code: ord.plan, area: ord, dimension: doing, type: level}
  - {code: ord.ways, area: ord, dimension: tools, type: ticks, items: ["1", "2", "3"], negative: ["3"]}
  - {code: mac.care, area: mac, dimension: doing, type: level, weight: 2}
  - {code: mac.money, area: mac, dimension: tools, type: matrix, rows: ["1", "2"], columns: [already, plan]}
  - code: mac.skill
    area: mac
    dimension: tools
    type: scale
    rows: ["1", "2"]
    shown_when: {any: [{question: ord.plan, at_least: 3}, {all: [{question: ord.ways, includes: "1"}]}]}
  - {code: mac.rules, area: mac, dimension: tools, type: tristate, rows: ["1", "2"]}
  - {code: who.staff, area: ord, type: integer}
  - {code: who.share, area: ord, type: decimal}
  - {code: who.says, area: ord, type: text}
  - {code: who.since, area: ord, type: date}
  - {code: who.kind, area: ord, type: choice, items: [family, group]}
"""

WORDS = """\
ord: "Orders"
mac: "Machines"
doing: "Doing"
tools: "Tools"
workshop: "Workshop"
office: "Office"
low: "Low"
high: "High"
ord.plan:
  ask: "How are orders planned?"
  why: "Dates hold."
  evidence: "Ask to see the plan."
  levels: ["By heart", "On paper", "In a sheet", "In a system", "By the system"]
  profiles: {office: {ask: "How are jobs planned?"}}
ord.ways: {ask: "How do orders come in?", items: {"1": "On line", "2": "By post", "3": "Not at all"}}
mac.care: {ask: "How are machines cared for?", levels: ["1", "2", "3", "4", "5"]}
mac.money: {ask: "For what?", rows: {"1": "Here", "2": "There"}, columns: {already: "Done", plan: "Next"}}
mac.skill: {ask: "Who can do it?", rows: {"1": "Milling", "2": "Turning"}, points: [a, b, c, d, e, f]}
mac.rules: {ask: "Which rules hold?", rows: {"1": "Noise", "2": "Dust"}, points: ["No", "Partly", "Yes"]}
who.staff: {ask: "How many people?"}
who.share: {ask: "What share?"}
who.says: {ask: "Who says so?"}
who.since: {ask: "Since when?"}
who.kind: {ask: "Which kind?", items: {family: "Family", group: "Group"}}
"""


def write_instrument(
    folder: Path, text: str = SMALL, words: str = WORDS, languages: tuple[str, ...] = ("en", "it")
) -> Path:
    """An instrument's folder with the same words in every language."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instrument.yaml").write_text(text, encoding="utf-8")
    for language in languages:
        (folder / f"words.{language}.yaml").write_text(words, encoding="utf-8")
    return folder


def read_small(text: str = SMALL) -> Instrument:
    """The instrument in a text that has no mistakes."""
    instrument, problems = read(text)
    assert not problems, [str(problem) for problem in problems]
    return instrument


def read(text: str) -> tuple[Instrument, list[Problem]]:
    problems: list[Problem] = []
    tree = sources.parse_yaml(text, "instrument.yaml", problems)
    return reading.read_instrument(tree, "instrument.yaml", problems), problems


def make_instrument(*questions: Question, min_coverage: Fraction = Fraction(0)) -> Instrument:
    """Areas and dimensions in the order in which the questions name them; levels 1 to 5, no bands."""
    return Instrument(
        code="made",
        version="1.0",
        source="Invented for tests",
        low=Fraction(1),
        high=Fraction(5),
        areas=tuple(dict.fromkeys(question.area for question in questions)),
        dimensions=tuple(dict.fromkeys(q.dimension for q in questions if q.dimension)),
        questions=questions,
        min_coverage=min_coverage,
        bands=Bands("lower", ()),
    )


CROSSWALK = Path(__file__).parent / "crosswalk-digital-maturity-1.0-digital-maturity-1.1.yaml"
CHANGED = {  # question of 1.0 -> those that take its place in 1.1
    "str.costing": ("str.job-costing",),
    "str.kpi-review": ("str.kpi-choice", "str.kpi-talk"),
    "str.cash-outlook": ("str.outlook",),
    "str.risk-review": (),
    "str.dashboard": ("str.systems",),
    "str.erp": (),
    "str.funding": ("str.partnerships",),
}


def write_next_version(folder: Path) -> Path:
    """A version 1.1 of digital-maturity as the invented crosswalk beside it has it."""
    ours = Path(reading.__file__).parents[1] / "data" / "digital-maturity-1.0"
    instrument = yaml.safe_load((ours / "instrument.yaml").read_text(encoding="utf-8"))
    words = yaml.safe_load((ours / "words.en.yaml").read_text(encoding="utf-8"))
    instrument["version"] = "1.1"
    instrument["questions"] = [
        {**question, "code": code}
        for question in instrument["questions"]
        for code in CHANGED.get(question["code"], (question["code"],))
    ]
    for old, new in CHANGED.items():
        taken = words.pop(old)
        words.update(dict.fromkeys(new, taken))
    directory = folder / "digital-maturity-1.1"
    directory.mkdir(parents=True)
    for name, content in (("instrument.yaml", instrument), ("words.en.yaml", words)):
        (directory / name).write_text(json.dumps(content), encoding="utf-8")
    shutil.copy(CROSSWALK, folder)
    return directory

"""Two areas with five questions and three actions for them: the example of docs/rules/priorities.md."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from capofila.assessments.rules.answers import Answer
from capofila.instruments.rules.shape import Instrument, Question
from capofila.instruments.tests.builders import make_instrument, write_instrument
from capofila.roadmap.rules.raising import Raised, Rise
from capofila.roadmap.rules.schedule import Task
from capofila.roadmap.rules.shape import Action, Library, Lift

ANSWERS = {"prd.scheduling": 4, "prd.tracking": 2, "prd.machines": 3, "dat.backup": 2, "dat.login": 1}


def make_questions() -> Instrument:
    """prd is answered 3.00 and dat 1.50 by `ANSWERS`."""
    return make_instrument(
        Question("prd.scheduling", "prd", "level", "execution"),
        Question("prd.tracking", "prd", "level", "execution"),
        Question("prd.machines", "prd", "level", "technology", Fraction(2)),
        Question("dat.backup", "dat", "level", "execution"),
        Question("dat.login", "dat", "level", "technology"),
    )


def make_answers(**levels: int) -> dict[str, Answer]:
    """`ANSWERS`, some of them otherwise: written `dat_login` for `dat.login`."""
    given = {**ANSWERS, **{code.replace("_", "."): level for code, level in levels.items()}}
    return {code: Answer(level) for code, level in given.items()}


def make_action(code: str = "dat.first-accounts", **more: object) -> Action:
    plain = Action(code, {"dat.login": Lift(1, 3)}, days=6, low_cents=0, high_cents=1500_00)
    return replace(plain, **more)  # type: ignore[arg-type]


FIRST = make_action(
    lifts={"dat.login": Lift(1, 3), "dat.backup": Lift(1, 3)},
    goals=("security",),
    service_areas=("training",),
)
RESTORE = make_action(
    "dat.tested-restore",
    lifts={"dat.backup": Lift(2, 4)},
    days=4,
    low_cents=2000_00,
    high_cents=4000_00,
    goals=("security",),
    after=("dat.first-accounts",),
)
LIVE = make_action(
    "prd.live-tracking",
    lifts={"prd.tracking": Lift(2, 4)},
    days=12,
    low_cents=5000_00,
    high_cents=15000_00,
    goals=("shorter-lead-times",),
    quarters=2,
)


def make_library(*actions: Action) -> Library:
    return Library("made@1.0", "1.0", "Invented for tests", ("en", "it"), actions or (FIRST, RESTORE, LIVE))


def make_raised(action: Action, rises: Mapping[str, tuple[int, int]]) -> Raised:
    return Raised(action, tuple(Rise(code, low, high) for code, (low, high) in rises.items()))


def make_task(code: str, priority: str | Fraction = "0.5", **more: object) -> Task:
    plain = Task(code, Fraction(priority), cents=0, days=1)
    return replace(plain, **more)  # type: ignore[arg-type]


# A library in files, for the small instrument of the instruments' tests

LIBRARY = """\
instrument: small@1.0
version: "1.0"
source: "Invented for tests"
languages: [en, it]
"""
ORD = """\
ord.plan-on-paper:
  lifts: {ord.plan: [1, 5]}
  goals: [shorter-lead-times]
  days: 3
  cost_eur: [0, 200]
  quarters: 1
  service_areas: [training]
"""
MAC = """\
mac.care-list:
  lifts: {mac.care: [1, 5]}
  goals: [lower-costs, higher-quality]
  days: 5
  cost_eur: [100, 900]
  quarters: 2
  after: [ord.plan-on-paper]
  technologies: [cloud]
  service_areas: [consulting]
"""
WORDS = """\
{code}:
  name: "Write {code} down"
  what: "Put it on paper."
  steps: ["Take paper for {code}.", "Write on it for {code}.", "Hang up {code}."]
  changes: "Everybody sees it."
  sign: "After a month it still hangs."
  who: "whoever has a pen"
  artefact: "a sheet of paper"
  cost: "Three days of writing."
  mistakes: ["Writing too small.", "Hanging it too high."]
  profiles: {{office: {{what: "Put it on the screen."}}}}
"""


def write_library(folder: Path, **files: str) -> Path:
    """The small instrument and its library, each in a folder of hubs; files given replace plain ones.

    Written `ord_en` for `ord.en.yaml`. Returns the library's folder.
    """
    write_instrument(folder / "instruments" / "small-1.0")
    directory = folder / "actions" / "small-1.0"
    directory.mkdir(parents=True, exist_ok=True)
    plain = {"library": LIBRARY, "ord": ORD, "mac": MAC}
    for area, code in (("ord", "ord.plan-on-paper"), ("mac", "mac.care-list")):
        for language in ("en", "it"):
            plain[f"{area}_{language}"] = WORDS.format(code=code)
    for name, text in {**plain, **files}.items():
        (directory / f"{name.replace('_', '.')}.yaml").write_text(text, encoding="utf-8")
    return directory

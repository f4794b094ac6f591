"""From answers to a roadmap: raised actions, their priorities, a plan over 12 quarters, and why.

Both the command and the pages make a roadmap here. `preview` is greedy and at once, `make` is
proven by the optimiser.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answers
from capofila.assessments.rules.scoring import Scores
from capofila.instruments import library as instruments
from capofila.instruments.rules.shape import Instrument
from capofila.roadmap import library, why
from capofila.roadmap.rules import gains, greedy, optimal, pins, readiness
from capofila.roadmap.rules.priorities import Limits, Priority, prioritise
from capofila.roadmap.rules.raising import Firm, Raising, known_action, raise_actions
from capofila.roadmap.rules.readiness import Readiness
from capofila.roadmap.rules.schedule import Frame, LeftOut, Plan, Task, Wishes
from capofila.roadmap.rules.shape import Action, Library
from capofila.roadmap.rules.weights import Weights

Planner = Callable[[list[Task], Frame], Plan]
Gains = Mapping[str, Fraction | None]


@dataclass(frozen=True)
class Basis:
    """What a roadmap is made from: one assessment and what is known of the firm."""

    instrument: Instrument
    name: str  # under which `instruments.library` finds it
    answers: Answers
    firm: Firm
    peers: Mapping[str, Fraction] = field(default_factory=dict)  # area -> median of the peers' scores


@dataclass(frozen=True)
class Choices:
    """What firm and consultant have chosen."""

    limits: Limits = field(default_factory=Limits)
    wishes: Wishes = field(default_factory=Wishes)
    not_relevant: Mapping[str, str] = field(default_factory=dict)  # action -> reason
    weights: Weights | None = None  # None: the default ones


@dataclass(frozen=True)
class Roadmap:
    basis: Basis
    choices: Choices
    library: Library
    weights: Weights
    scores: Scores
    raising: Raising
    priorities: tuple[Priority, ...]  # of every raised action, highest first
    plan: Plan
    readiness: tuple[Readiness, ...]  # of each goal that requires something, in the firm's order
    known: Gains = field(default_factory=dict)  # from an earlier roadmap with the same answers

    @property
    def left_out(self) -> dict[str, LeftOut]:
        """Raised actions that are not in the plan, those not relevant to the firm last."""
        removed = {code: LeftOut("not-relevant") for code in self.raising.not_relevant}
        return {**self.plan.left_out, **removed}

    @cached_property
    def gains(self) -> dict[str, Fraction | None]:
        """What every raised action by itself adds to the overall score; None where that is withheld."""
        return {
            priority.code: self.known[priority.code]
            if priority.code in self.known
            else self._gain([priority])
            for priority in self.priorities
        }

    @cached_property
    def gain(self) -> Fraction | None:
        """What all planned actions together add."""
        return self._gain(self.planned())

    def _gain(self, chosen: list[Priority]) -> Fraction | None:
        basis, raised = self.basis, [priority.raised for priority in chosen]
        before = self.scores.overall.value
        return gains.gain_from(before, basis.instrument, basis.answers, basis.firm.profile, raised)

    def action(self, code: str) -> Action:
        return self.library.by_code[code]

    def planned(self) -> list[Priority]:
        """The actions in the plan: by quarter, then by priority."""
        inside = [priority for priority in self.priorities if priority.code in self.plan.starts]
        return sorted(inside, key=lambda priority: self.plan.starts[priority.code])

    def after(self, code: str) -> tuple[str, ...]:
        """Its prerequisites that stand in this plan."""
        return tuple(before for before in self.action(code).after if before in self.plan.starts)

    @cached_property
    def _openings(self) -> dict[str, str]:
        basis = self.basis
        return why.openings(self.priorities, basis.instrument, self.scores, basis.peers)

    def said(self, language: str) -> why.Said:
        """The sentences about it. Raises `Problem` for a language the actions have no words in."""
        basis = self.basis
        return why.Said(
            language=language,
            instrument=basis.instrument,
            profile=basis.firm.profile,
            scores=self.scores,
            peers=basis.peers,
            questions=instruments.words(basis.name, language),
            actions=library.words(basis.name, language),
            openings=self._openings,
        )


def make(basis: Basis, choices: Choices = Choices(), known: Gains | None = None) -> Roadmap:
    """The best roadmap, proven within a small gap; the same every time.

    `known`: gains of actions by themselves, from an earlier roadmap with the same answers. Raises
    `Problem` for an action that is not known, and `Refused` with every conflict of the pins.
    """
    return _made(basis, choices, optimal.plan, known)


def preview(basis: Basis, choices: Choices = Choices(), known: Gains | None = None) -> Roadmap:
    """A good roadmap at once; raises the same."""
    return _made(basis, choices, greedy.plan, known)


def again(basis: Basis, choices: Choices, plan: Plan, known: Gains) -> Roadmap:
    """The roadmap around a plan that was made from the same basis and choices."""
    return _made(basis, choices, lambda _tasks, _frame: plan, known)


def _made(basis: Basis, choices: Choices, planner: Planner, known: Gains | None) -> Roadmap:
    actions = library.load(basis.name)
    for code in (*choices.wishes.pins, *sorted(choices.wishes.excluded), *sorted(choices.wishes.begun)):
        known_action(actions, code)
    packs = library.goal_packs(basis.name)
    weights = choices.weights or library.default_weights()
    firm = basis.firm
    scores = scoring.score(basis.instrument, basis.answers, firm.profile)
    raising = raise_actions(actions, basis.instrument, basis.answers, firm, packs, choices.not_relevant)
    priorities = prioritise(
        raising.raised,
        basis.instrument,
        scores,
        firm,
        weights,
        limits=choices.limits,
        peers=basis.peers,
    )
    tasks = [task(priority) for priority in priorities]
    plan = planner(tasks, pins.check(tasks, choices.limits, choices.wishes))

    return Roadmap(
        basis=basis,
        choices=choices,
        library=actions,
        weights=weights,
        scores=scores,
        raising=raising,
        priorities=priorities,
        plan=plan,
        readiness=tuple(
            readiness.readiness(packs[goal], basis.instrument, basis.answers, firm.profile)
            for goal in firm.goals
            if goal in packs and packs[goal].requires
        ),
        known=known or {},
    )


def task(priority: Priority) -> Task:
    action = priority.raised.action
    return Task(action.code, priority.value, action.cents, action.days, action.quarters, action.after)

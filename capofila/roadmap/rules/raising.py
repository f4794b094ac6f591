"""Which improvement actions a firm's answers raise, and what each would lift.

An action is raised when at least one question it lifts is answered from the lowest level that
calls for it to just below the level it brings it to, and all it asks of profile, size, goals and
other answers holds. "Not relevant to us" removes an action and leaves every score as it is. In
words: docs/rules/priorities.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capofila.assessments.rules import interview
from capofila.assessments.rules.answers import Answers
from capofila.instruments.rules.shape import Instrument, Question
from capofila.lib.problems import Problem, gettext_noop, nearest
from capofila.roadmap.rules.shape import Action, GoalPack, Library


@dataclass(frozen=True)
class Firm:
    """What an action may ask of a firm besides its answers; None and empty where not known."""

    profile: str | None = None
    size: str | None = None
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rise:
    """One answer that an action lifts."""

    question: str
    level: int  # today
    target: int


@dataclass(frozen=True)
class Required:
    """A question that a named goal requires at a level the firm has not reached."""

    goal: str
    question: str
    level: int


@dataclass(frozen=True)
class Raised:
    action: Action
    rises: tuple[Rise, ...]  # in the order in which the action lists them
    goals: tuple[str, ...] = ()  # the firm's goals that it serves, in the firm's order
    required: tuple[Required, ...] = ()  # what the firm's goals require of the questions it lifts

    @property
    def code(self) -> str:
        return self.action.code


@dataclass(frozen=True)
class Raising:
    raised: tuple[Raised, ...]  # in the order of the library
    not_relevant: Mapping[str, str] = field(default_factory=dict)  # raised, but removed: action -> reason


def raise_actions(
    library: Library,
    instrument: Instrument,
    answers: Answers,
    firm: Firm,
    packs: Mapping[str, GoalPack] | None = None,
    not_relevant: Mapping[str, str] | None = None,
) -> Raising:
    """The actions that these answers raise. `packs` are those of all goals, by goal.

    Raises `Problem` when `not_relevant` names an action that is not in the library.
    """
    removed = dict(not_relevant or {})
    for code in removed:
        known_action(library, code)
    shown = {question.code: question for question in interview.visible(instrument, firm.profile, answers)}
    needs = _needs(firm.goals, packs or {})
    raised = []
    for action in library.actions:
        rises = _rises(action, shown, answers)
        if rises and _holds(action, firm, shown, answers):
            required = tuple(
                need for rise in rises for need in needs.get(rise.question, ()) if rise.level < need.level
            )
            serving = {*action.goals, *(need.goal for need in required)}
            goals = tuple(goal for goal in firm.goals if goal in serving)
            raised.append(Raised(action, rises, goals, required))
    return Raising(
        tuple(found for found in raised if found.code not in removed),
        {found.code: removed[found.code] for found in raised if found.code in removed},
    )


def known_action(library: Library, code: str) -> Action:
    """Raises `Problem` for a code that is not in the library."""
    if code not in library.by_code:
        raise Problem(
            "roadmap.unknown-action",
            gettext_noop("The action {code} is not known; did you mean {meant}?"),
            code=code,
            meant=nearest(code, library.by_code) or next(iter(library.by_code), "none"),
        )
    return library.by_code[code]


def level_of(question: str, shown: Mapping[str, Question], answers: Answers) -> int | None:
    """The level at which a question is answered; None where it is not, or is not shown."""
    answer = answers.get(question)
    if question not in shown or shown[question].type != "level" or answer is None:
        return None
    return answer.value if answer.applicable and isinstance(answer.value, int) else None


def _rises(action: Action, shown: Mapping[str, Question], answers: Answers) -> tuple[Rise, ...]:
    found = []
    for code, lift in action.lifts.items():
        level = level_of(code, shown, answers)
        if level is not None and lift.low <= level < lift.high:
            found.append(Rise(code, level, lift.high))
    return tuple(found)


def _holds(action: Action, firm: Firm, shown: Mapping[str, Question], answers: Answers) -> bool:
    """Whether what an action asks besides levels holds; what is not known does not."""
    when = action.when
    return (
        (not when.profiles or firm.profile in when.profiles)
        and (not when.sizes or firm.size in when.sizes)
        and (not when.goals or any(goal in when.goals for goal in firm.goals))
        and (when.answers is None or interview.holds(when.answers, shown, answers))
    )


def _needs(goals: Sequence[str], packs: Mapping[str, GoalPack]) -> dict[str, list[Required]]:
    """Question -> what the firm's goals require of it."""
    found: dict[str, list[Required]] = {}
    for goal in goals:
        for question, level in packs[goal].requires.items() if goal in packs else ():
            found.setdefault(question, []).append(Required(goal, question, level))
    return found

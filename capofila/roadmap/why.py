"""One sentence for each action of a roadmap: why it stands where it does, built from its figures.

What speaks for an action most is the factor of its priority that lies furthest above the mean of
all raised actions; the sentence opens with it and goes on with the questions it lifts, what it
takes and what it adds. The words stand in data/why.<language>.yaml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import yaml

from capofila.assessments.rules.scoring import Scores
from capofila.instruments.rules.shape import Instrument, Words
from capofila.roadmap.goals import goals
from capofila.roadmap.library import OURS
from capofila.roadmap.rules.priorities import Priority
from capofila.roadmap.rules.raising import Rise
from capofila.roadmap.rules.schedule import LeftOut
from capofila.roadmap.rules.shape import LibraryWords
from capofila.roadmap.rules.weights import FACTORS

CLEAR = Fraction(21, 20)  # what stands out is at least a twentieth above the mean
NAMED = 2  # questions named in a sentence; the others are counted
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=4)
def texts(language: str) -> Mapping[str, object]:
    file = OURS / f"why.{language}.yaml"
    found: Mapping[str, object] = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    return found


@dataclass(frozen=True)
class Said:
    """All that sentences are made from, in one language."""

    language: str
    instrument: Instrument
    profile: str | None
    scores: Scores
    peers: Mapping[str, Fraction]
    questions: Words
    actions: LibraryWords
    openings: Mapping[str, str]  # action -> what its sentence opens with

    def why(
        self, priority: Priority, gain: Fraction | None, after: Sequence[str] = (), position: int = 0
    ) -> str:
        """Why an action stands where it does. `after`: its prerequisites in the plan."""
        opening = self.openings[priority.code]
        return self.text(
            opening,
            position,
            **self.facts(opening, priority),
            rises=self.rises(priority.raised.rises),
            effort=self.effort(priority),
            gain=self.gain(gain),
            after=self.text("after", actions=self.names(after)) if after else "",
        )

    def left_out(self, reason: LeftOut, not_relevant: str = "") -> str:
        """Why an action is not in the plan, as a phrase."""
        phrases = texts(self.language)["left-out"]
        assert isinstance(phrases, dict)
        listed = ", ".join(reason.prerequisites)
        return str(phrases[reason.why]).format(actions=listed, reason=not_relevant)

    def facts(self, opening: str, priority: Priority) -> dict[str, object]:
        if opening == "goal":
            return {"goal": goals()[priority.raised.goals[0]][self.language]}
        if opening == "required":
            need = priority.raised.required[0]
            level = next(rise.level for rise in priority.raised.rises if rise.question == need.question)
            return {
                "goal": goals()[need.goal][self.language],
                "required": need.level,
                "question": self.label(need.question),
                "level": level,
            }
        if opening == "peers":
            area = behind(priority, self.instrument, self.scores, self.peers) or ""
            score = self.scores.areas[area].value or Fraction(0)
            return {
                "area": self.questions.name(area, self.profile),
                "median": self.number(self.peers[area]),
                "score": self.number(score),
            }
        return {}

    def label(self, question: str) -> str:
        return self.questions.of(question, self.profile).label

    def rises(self, rises: Sequence[Rise]) -> str:
        """“A” and “B” from level 1 to 3; the third and further ones are counted."""
        named, others = rises[:NAMED], len(rises) - NAMED
        more = [self.text("more", min(others, 2) - 1, count=others)] if others > 0 else []
        levels = {(rise.level, rise.target) for rise in rises}
        if len(levels) == 1 and len(rises) > 1:
            labels = [self.text("question", question=self.label(rise.question)) for rise in named]
            level, target = next(iter(levels))
            return self.text(
                "rises-alike", questions=self.listed([*labels, *more]), level=level, target=target
            )
        said = [
            self.text("rise", question=self.label(rise.question), level=rise.level, target=rise.target)
            for rise in named
        ]
        return self.listed([*said, *more])

    def effort(self, priority: Priority) -> str:
        action = priority.raised.action
        days = self.text("days", 0 if action.days == 1 else 1, count=action.days)
        euros = f"{(action.cents + 50) // 100:,}".replace(",", self.text("thousands"))
        return self.text(
            "effort", days=days, cost=self.text("cost", euros=euros) if action.cents else self.text("no-cost")
        )

    def gain(self, gain: Fraction | None) -> str:
        if not gain:
            return ""
        if not (rounded := hundredths(gain)):
            return self.text("gain-small")
        return self.text("gain", gain=self.decimal(rounded))

    def names(self, actions: Sequence[str]) -> str:
        return self.listed(
            [self.text("question", question=self.actions.of(code, self.profile).name) for code in actions]
        )

    def listed(self, words: Sequence[str]) -> str:
        if len(words) < 2:
            return "".join(words)
        return self.text("and", first=", ".join(words[:-1]), last=words[-1])

    def number(self, value: Fraction) -> str:
        return self.decimal(hundredths(value))

    def decimal(self, hundredths: int) -> str:
        return f"{hundredths / 100:.2f}".replace(".", self.text("decimal"))

    def text(self, key: str, variant: int = 0, /, **facts: object) -> str:
        found = texts(self.language)[key]
        template = str(found[variant % len(found)] if isinstance(found, list) else found)
        return template.format(**facts) if facts else template


@lru_cache(maxsize=8192)
def hundredths(value: Fraction) -> int:
    """Rounded; gains are long fractions, and the same in each language and version."""
    return (value * 100 + Fraction(1, 2)).__floor__()


def openings(
    priorities: Sequence[Priority], instrument: Instrument, scores: Scores, peers: Mapping[str, Fraction]
) -> dict[str, str]:
    """Action -> the key of its opening: what lies furthest above the mean, "even" where nothing does."""
    found = means(priorities)
    return {
        priority.code: _opening(
            priority, found, is_behind=behind(priority, instrument, scores, peers) is not None
        )
        for priority in priorities
    }


def _opening(priority: Priority, means: Mapping[str, Fraction], *, is_behind: bool) -> str:
    above = {
        name: factor / means[name]
        for name, factor in priority.factors().items()
        if means[name] and (name != "relevance" or priority.raised.goals) and (name != "peers" or is_behind)
    }
    name = max(above, key=lambda name: (above[name], -FACTORS.index(name)), default="")
    if not name or above[name] < CLEAR:
        return "even"
    if name == "relevance":
        return "required" if priority.raised.required else "goal"
    return name


def behind(
    priority: Priority, instrument: Instrument, scores: Scores, peers: Mapping[str, Fraction]
) -> str | None:
    """The first area it lifts whose score lies below the peers' median; None where there is none."""
    for rise in priority.raised.rises:
        area = instrument.by_code[rise.question].area
        score = scores.areas[area].value
        if area in peers and score is not None and score < peers[area]:
            return area
    return None


def means(priorities: Sequence[Priority]) -> dict[str, Fraction]:
    """The mean of each factor over all raised actions."""
    count = len(priorities) or 1
    return {
        name: sum((priority.factors()[name] for priority in priorities), Fraction(0)) / count
        for name in FACTORS
    }

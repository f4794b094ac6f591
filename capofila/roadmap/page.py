"""What the roadmap's page shows of one version: rows, totals, pictures, from what was read before."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capofila.roadmap import by_quarter, overview, rows
from capofila.roadmap.by_quarter import QuarterRow
from capofila.roadmap.figures import FACTOR_NAMES, euros, goal_names, hundredths
from capofila.roadmap.models import Progress, RoadmapItem
from capofila.roadmap.queries import Standing
from capofila.roadmap.rows import Heading, Row
from capofila.roadmap.rules.weights import FACTORS

HOT = 3  # actions to begin with


@dataclass(frozen=True)
class Page:
    """One version of a roadmap, in one language."""

    found: Standing
    language: str
    progress: Mapping[str, Progress]
    sort: str = "quarter"
    show_all: bool = False

    @cached_property
    def rows(self) -> list[Row]:
        """Every action that the answers call for, by priority."""
        now = frozenset(item.action for item in self.to_come[:HOT])
        return rows.rows(self.found, self.language, self.progress, now)

    @cached_property
    def by_code(self) -> dict[str, Row]:
        return {row.code: row for row in self.rows}

    @cached_property
    def planned(self) -> list[Row]:
        return [self.by_code[item.action] for item in self.found.planned]

    @cached_property
    def left(self) -> list[Row]:
        return [row for row in self.rows if row.quarter is None]

    @cached_property
    def listed(self) -> list[Row]:
        """As the list is sorted; those left out only where they are asked for."""
        return rows.in_order([*self.planned, *self.left] if self.show_all else self.planned, self.sort)

    @cached_property
    def headings(self) -> list[Heading]:
        return rows.headings(self.sort)

    # What is said of the whole

    @cached_property
    def title(self) -> str:
        """The finding."""
        facts = {"planned": len(self.found.planned), "all": len(self.found.items)}
        if not self.found.items:
            return _("The answers call for no action")
        gain = self.gain
        if gain is None:
            return _("%(planned)d of %(all)d actions in three years") % facts
        return _("%(planned)d of %(all)d actions in three years add %(gain)s to the overall score") % {
            **facts,
            "gain": hundredths(gain),
        }

    @cached_property
    def gain(self) -> Fraction | None:
        return Fraction(self.found.plan.gain) if self.found.plan.gain else None

    @property
    def score_before(self) -> str:
        score = self.found.plan.score
        return hundredths(Fraction(score)) if score else ""

    @property
    def score_after(self) -> str:
        if self.gain is None:
            return ""
        return hundredths(Fraction(self.found.plan.score) + self.gain)

    @cached_property
    def to_come(self) -> list[RoadmapItem]:
        """What is planned and not at work or done: the others take nothing more of money and days."""
        return [item for item in self.found.planned if not item.begun]

    @property
    def days(self) -> int:
        return sum(item.days for item in self.to_come)

    @property
    def cost(self) -> str:
        return euros(sum(item.cents for item in self.to_come))

    @property
    def budget(self) -> str:
        cents = self.found.roadmap.budget_cents
        return "" if cents is None else euros(cents)

    @property
    def how_good(self) -> str:
        """How the plan was made, in one sentence."""
        plan = self.found.plan
        if self.found.is_being_proven:
            return _("A quick plan; the best one is being worked out.")
        if plan.aborted:
            return _("A quick plan: the search for the best one took too long.")
        if plan.gap < 0.0005:
            return _("Proven: no plan within these limits is better.")
        return _("Proven: no plan within these limits is more than %(gap)s %% better.") % {
            "gap": number_format(ceil(plan.gap * 1000) / 10, decimal_pos=1)
        }

    @property
    def goals(self) -> list[str]:
        return goal_names(self.found.roadmap.goals, self.language)

    @property
    def weights(self) -> list[tuple[str, int]]:
        """Name of each factor, and its exponent."""
        exponents = self.found.roadmap.weights["exponents"]
        return [(str(FACTOR_NAMES[name]), exponents[name]) for name in FACTORS]

    # By quarter, and the map

    @cached_property
    def quarters(self) -> list[QuarterRow]:
        return by_quarter.quarters(self.found)

    @property
    def money(self) -> SafeString:
        return by_quarter.money(self.found, self.quarters)

    @property
    def work(self) -> SafeString:
        return by_quarter.work(self.found, self.quarters)

    @property
    def map(self) -> SafeString:
        return overview.overview(self.rows, narrow=False)

    @property
    def map_narrow(self) -> SafeString:
        return overview.overview(self.rows, narrow=True)

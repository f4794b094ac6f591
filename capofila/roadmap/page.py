"""What the roadmap's pages show: words, figures as they are read, pictures, from rows already read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.formats import get_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capofila.assessments.models import Assessment
from capofila.instruments import library as instruments
from capofila.lib.charts.shapes import Locale
from capofila.roadmap import library, pictures, queries
from capofila.roadmap.figures import euros, gain_words, goal_names, hundredths
from capofila.roadmap.models import Progress, RoadmapHandover, RoadmapItem
from capofila.roadmap.pictures import Corners, Dot
from capofila.roadmap.queries import Standing
from capofila.roadmap.rules.schedule import released
from capofila.roadmap.rules.shape import QUARTERS, ActionWords
from capofila.roadmap.rules.weights import FACTORS

FIRST, HOT = 12, 3  # actions with a number in the map, and those to begin with
SORTS: Mapping[str, tuple[Any, bool]] = {  # name -> (heading, largest first)
    "quarter": (gettext_lazy("Quarter"), False),
    "priority": (gettext_lazy("Priority"), True),
    "area": (gettext_lazy("Area"), False),
    "gain": (gettext_lazy("Gain"), True),
    "days": (gettext_lazy("Days"), False),
    "cost": (gettext_lazy("Cost"), False),
}
FACTOR_NAMES: Mapping[str, Any] = {
    "gap": gettext_lazy("Gap: how far the answers stand from what the action reaches"),
    "relevance": gettext_lazy("Relevance to the goals that the company names"),
    "peers": gettext_lazy("Distance from similar companies"),
    "feasibility": gettext_lazy("Feasibility: money, days, what must come first"),
}
LEFT_OUT: Mapping[str, Any] = {
    "over-budget": gettext_lazy("more than the budget"),
    "over-days": gettext_lazy("more than the days there are"),
    "over-budget-and-days": gettext_lazy("more than the budget and the days there are"),
    "prerequisite": gettext_lazy("what must come first is left out"),
    "excluded": gettext_lazy("left out by the consultant"),
    "not-relevant": gettext_lazy("not relevant to the company"),
    "too-late": gettext_lazy("would end after the twelfth quarter"),
}


@dataclass(frozen=True)
class Row:
    """One action of a roadmap."""

    code: str
    name: str
    number: int | None  # in the plan; None: left out
    digits: str
    area: str
    why: str
    quarter: int | None
    last: int | None  # quarter in which it ends
    days: int
    cost: str
    gain: str
    priority: str
    services: str
    state: str  # code of its progress; empty where nothing was said
    state_words: str
    pinned: bool
    begun: bool
    left_out: str  # why, in words
    url: str
    bar: SafeString | str
    hot: bool
    item: RoadmapItem


@dataclass(frozen=True)
class Heading:
    name: str
    key: str
    direction: str  # ascending, descending, or empty where it is not sorted by it
    is_number: bool


@dataclass(frozen=True)
class QuarterRow:
    number: int
    actions: int
    days: int
    spent: str
    spent_so_far: str
    released_so_far: str


@dataclass(frozen=True)
class Page:
    """One version of a roadmap, in one language."""

    found: Standing
    language: str
    progress: Mapping[str, Progress]
    sort: str = "quarter"
    show_all: bool = False

    @cached_property
    def words(self) -> Callable[[str], ActionWords]:
        spoken = library.words(self.found.roadmap.assessment.name, self.language)
        profile = self.found.roadmap.assessment.profile or None
        return lambda code: spoken.of(code, profile)

    @cached_property
    def rows(self) -> list[Row]:
        """Every action that the answers call for, by priority."""
        return [self._row(item) for item in self.found.items]

    @cached_property
    def by_code(self) -> dict[str, Row]:
        return {row.code: row for row in self.rows}

    @cached_property
    def planned(self) -> list[Row]:
        return [self.by_code[item.action] for item in self.found.planned]

    @cached_property
    def now(self) -> frozenset[str]:
        """The actions to begin with."""
        return frozenset(item.action for item in self.to_come[:HOT])

    @cached_property
    def left(self) -> list[Row]:
        return [row for row in self.rows if row.quarter is None]

    @cached_property
    def listed(self) -> list[Row]:
        """As the list is sorted; those left out only where they are asked for, and last."""
        shown = [*self.planned, *self.left] if self.show_all else self.planned
        return sorted(shown, key=lambda row: _sort_key(row, self.sort))

    @cached_property
    def headings(self) -> list[Heading]:
        return [
            Heading(
                str(name),
                key,
                "" if key != self.sort else ("descending" if largest_first else "ascending"),
                key in ("gain", "days", "cost", "priority"),
            )
            for key, (name, largest_first) in SORTS.items()
        ]

    def _row(self, item: RoadmapItem) -> Row:
        assessment = self.found.roadmap.assessment
        instrument = instruments.load(assessment.name)
        area = item.action.partition(".")[0]
        action = library.load(assessment.name).by_code[item.action]
        number = self.found.numbers.get(item.action)
        said = self.progress.get(item.action)
        services = library.named("service-areas")
        last = None if item.quarter is None else item.quarter + item.quarters - 1
        hot = item.action in self.now
        return Row(
            code=item.action,
            name=self.words(item.action).name,
            number=number,
            digits=f"{instrument.areas.index(area) + 1:02d}",
            area=instruments.words(assessment.name, self.language).name(area, assessment.profile or None),
            why=item.why.get(self.language, ""),
            quarter=item.quarter,
            last=last,
            days=item.days,
            cost=euros(item.cents),
            gain=gain_words(item.factors.get("gain", "")),
            priority=hundredths(Fraction(item.priority)),
            services=", ".join(services[code][self.language] for code in action.service_areas),
            state="" if said is None else said.state,
            state_words="" if said is None else said.get_state_display(),
            pinned=item.action in self.found.roadmap.pins,
            begun=item.begun,
            left_out=self._left_out(item),
            url=reverse("roadmap:action", args=[assessment.pk, item.action]),
            bar=pictures.bar(item.quarter, item.quarters, hot=hot, begun=item.begun, pinned=item.pinned)
            if item.quarter is not None
            else "",
            hot=hot,
            item=item,
        )

    def _left_out(self, item: RoadmapItem) -> str:
        if not item.left_out:
            return ""
        said = self.progress.get(item.action)
        if item.left_out == "excluded" and said is not None and said.state == Progress.State.DROPPED:
            return _("given up")
        told = str(LEFT_OUT[item.left_out])
        if item.left_out_for:
            told += ": " + ", ".join(self.words(code).name for code in item.left_out_for)
        return f"{told}: {item.reason}" if item.reason else told

    # What is said of the whole

    @cached_property
    def title(self) -> str:
        """The finding."""
        facts = {"planned": len(self.planned), "all": len(self.rows)}
        if not self.rows:
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

    @cached_property
    def quarters(self) -> list[QuarterRow]:
        free = released(self.found.roadmap.budget_cents)
        found, sum_cents = [], 0
        for quarter in range(1, QUARTERS + 1):
            inside = [item for item in self.found.planned if item.quarter == quarter]
            paid = [item for item in self.to_come if item.quarter == quarter]
            cents = sum(item.cents for item in paid)
            sum_cents += cents
            found.append(
                QuarterRow(
                    quarter,
                    len(inside),
                    sum(item.days for item in paid),
                    euros(cents),
                    euros(sum_cents),
                    "" if free is None else euros(free[quarter - 1]),
                )
            )
        return found

    @cached_property
    def money(self) -> SafeString:
        """Spent so far under what is released so far."""
        spent, total = [], 0
        for quarter in range(1, QUARTERS + 1):
            total += sum(item.cents for item in self.to_come if item.quarter == quarter)
            spent.append(total / 100)
        free = released(self.found.roadmap.budget_cents)
        limits = None if free is None else [cents / 100 for cents in free]
        alt = _("Spent by the end of each quarter: %(spent)s") % {
            "spent": ", ".join(row.spent_so_far for row in self.quarters)
        }
        return pictures.levels_by_quarter(spent, limits, alt=alt, added=True)

    @cached_property
    def work(self) -> SafeString:
        """Days taken in each quarter, under the days there are."""
        most = self.found.roadmap.days_per_quarter
        days = [row.days for row in self.quarters]
        alt = _("Working days in each quarter: %(days)s") % {"days": ", ".join(map(str, days))}
        return pictures.levels_by_quarter(
            days, None if most is None else [most] * QUARTERS, alt=alt, added=False
        )

    @property
    def goals(self) -> list[str]:
        return goal_names(self.found.roadmap.goals, self.language)

    @property
    def weights(self) -> list[tuple[str, int]]:
        """Name of each factor, and its exponent."""
        exponents = self.found.roadmap.weights["exponents"]
        return [(str(FACTOR_NAMES[name]), exponents[name]) for name in FACTORS]

    # The map

    @cached_property
    def map(self) -> SafeString:
        return self._map(narrow=False)

    @cached_property
    def map_narrow(self) -> SafeString:
        return self._map(narrow=True)

    def _map(self, *, narrow: bool) -> SafeString:
        dots = [
            Dot(
                url=row.url,
                told=self.told(row),
                days=row.days,
                gain=float(Fraction(row.item.factors["gain"])),
                number=row.number if row.number is not None and row.number <= FIRST else None,
                planned=row.quarter is not None,
                hot=row.hot,
            )
            for row in self.rows
            if row.item.factors.get("gain")
        ]
        return pictures.priority_map(
            dots,
            alt=_("Map of %(count)d actions: working days across, gain upwards.") % {"count": len(dots)},
            x_name=_("working days of your own people"),
            y_name=_("gain on the overall score"),
            corners=Corners(_("Quick wins"), _("Big projects"), _("Small steps"), _("Long shots")),
            locale=Locale(
                number=lambda value: number_format(value, decimal_pos=2),
                decimal=get_format("DECIMAL_SEPARATOR"),
            ),
            narrow=narrow,
        )

    def told(self, row: Row) -> str:
        """A point of the map in words."""
        when = _("quarter %(quarter)d") % {"quarter": row.quarter} if row.quarter else row.left_out
        facts = [
            row.name,
            _("gain %(gain)s") % {"gain": row.gain},
            ngettext("%(days)d day", "%(days)d days", row.days) % {"days": row.days},
            row.cost,
            when,
        ]
        return " · ".join(facts)


def _sort_key(row: Row, sort: str) -> tuple[Any, ...]:
    item = row.item
    left = row.quarter is None
    keys: dict[str, tuple[Any, ...]] = {
        "quarter": (row.quarter or 0,),
        "priority": (-item.priority,),
        "area": (row.digits, row.quarter or 0),
        "gain": (-float(Fraction(item.factors.get("gain") or 0)),),
        "days": (item.days,),
        "cost": (item.cents,),
    }
    return (left and sort == "quarter", *keys[sort], item.place)


# Versions


@dataclass(frozen=True)
class VersionRow:
    number: int
    said: str  # what changed
    by_name: str
    at: datetime
    given: int | None  # as which version the company has it


def version_rows(assessment: Assessment, language: str, given: Sequence[RoadmapHandover]) -> list[VersionRow]:
    """Every version, newest first, in words."""
    spoken = library.words(assessment.name, language)
    profile = assessment.profile or None
    numbers = {one.plan.roadmap_id: one.number for one in given}
    found = []
    for row in queries.versions(assessment):
        said = str(row.get_change_display())
        if row.about in spoken.actions:
            said = f"{spoken.of(row.about, profile).name}: {said}"
        found.append(VersionRow(row.number, said, row.by_name, row.at, numbers.get(row.pk)))
    return found

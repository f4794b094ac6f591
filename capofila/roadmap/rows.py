"""One action of a roadmap as its page shows it, by quarter and in the list, and how the list is sorted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capofila.instruments import library as instruments
from capofila.roadmap import library, pictures
from capofila.roadmap.figures import euros, exact, gain_words, share
from capofila.roadmap.models import Progress, RoadmapItem
from capofila.roadmap.queries import Standing

SORTS: Mapping[str, tuple[Any, bool]] = {  # name -> (heading, largest first)
    "quarter": (gettext_lazy("Quarter"), False),
    "priority": (gettext_lazy("Priority"), True),
    "area": (gettext_lazy("Area"), False),
    "gain": (gettext_lazy("Gain"), True),
    "days": (gettext_lazy("Days"), False),
    "cost": (gettext_lazy("Cost"), False),
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
    when: str  # both in words; empty for what is left out
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


def headings(sort: str) -> list[Heading]:
    return [
        Heading(
            str(name),
            key,
            "" if key != sort else ("descending" if largest_first else "ascending"),
            key in ("gain", "days", "cost", "priority"),
        )
        for key, (name, largest_first) in SORTS.items()
    ]


def rows(found: Standing, language: str, progress: Mapping[str, Progress], now: frozenset[str]) -> list[Row]:
    """Every action that the answers call for, by priority. `now`: those to begin with."""
    assessment = found.roadmap.assessment
    profile = assessment.profile or None
    instrument = instruments.load(assessment.name)
    asked = instruments.words(assessment.name, language)
    areas = {
        area: (f"{number:02d}", asked.name(area, profile))
        for number, area in enumerate(instrument.areas, start=1)
    }
    spoken = library.words(assessment.name, language)
    actions = library.load(assessment.name).by_code
    services = {code: names[language] for code, names in library.named("service-areas").items()}

    def name(code: str) -> str:
        return spoken.of(code, profile).name

    def row(item: RoadmapItem) -> Row:
        code, said = item.action, progress.get(item.action)
        digits, area = areas[code.partition(".")[0]]
        last = None if item.quarter is None else item.quarter + item.quarters - 1
        hot = code in now
        bar = (
            ""
            if item.quarter is None
            else pictures.bar(item.quarter, item.quarters, hot=hot, begun=item.begun, pinned=item.pinned)
        )
        return Row(
            code=code,
            name=name(code),
            number=found.numbers.get(code),
            digits=digits,
            area=area,
            why=item.why.get(language, ""),
            quarter=item.quarter,
            last=last,
            when=_when(item.quarter, last),
            days=item.days,
            cost=euros(item.cents),
            gain=gain_words(item.factors.get("gain", "")),
            priority=share(item.priority),
            services=", ".join(services[service] for service in actions[code].service_areas),
            state="" if said is None else said.state,
            state_words="" if said is None else said.get_state_display(),
            pinned=code in found.roadmap.pins,
            begun=item.begun,
            left_out=_left_out(item, said, name) if item.left_out else "",
            url=reverse("roadmap:action", args=[assessment.pk, code]),
            bar=bar,
            hot=hot,
            item=item,
        )

    return [row(item) for item in found.items]


def _when(quarter: int | None, last: int | None) -> str:
    if quarter is None:
        return ""
    if quarter == last:
        return _("quarter %(quarter)d") % {"quarter": quarter}
    return _("quarter %(quarter)s to %(last)s") % {"quarter": quarter, "last": last}


def _left_out(item: RoadmapItem, said: Progress | None, name: Callable[[str], str]) -> str:
    if item.left_out == "excluded" and said is not None and said.state == Progress.State.DROPPED:
        return _("given up")
    told = str(LEFT_OUT[item.left_out])
    if item.left_out_for:
        told += ": " + ", ".join(map(name, item.left_out_for))
    return f"{told}: {item.reason}" if item.reason else told


def in_order(shown: Sequence[Row], sort: str) -> list[Row]:
    """As the list is sorted; by quarter, what is left out stands last."""
    return sorted(shown, key=lambda row: _sort_key(row, sort))


def _sort_key(row: Row, sort: str) -> tuple[Any, ...]:
    item = row.item
    left = row.quarter is None
    keys: dict[str, Callable[[], tuple[Any, ...]]] = {
        "quarter": lambda: (row.quarter or 0,),
        "priority": lambda: (-item.priority,),
        "area": lambda: (row.digits, row.quarter or 0),
        "gain": lambda: (-exact(item.factors.get("gain") or "0"),),
        "days": lambda: (item.days,),
        "cost": lambda: (item.cents,),
    }
    return (left and sort == "quarter", *keys[sort](), item.place)

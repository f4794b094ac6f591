"""The companies that a report compares with, as a freeze of the benchmark holds them.

The values come from `assessments.benchmark` (which reads them from the database) and have passed
its publication rule: what is withheld is withheld here too, with the reason. Hundredths of the scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from capofila.assessments.rules.benchmark import Published, Suppressed, Why

if TYPE_CHECKING:
    from capofila.assessments.benchmark import Comparison

OVERALL = "overall"


@dataclass(frozen=True)
class Peers:
    cohort: str  # id of the group, as printed on its page
    on: date  # of the freeze
    level: str  # which group it is: all, sector, size, province
    companies: int  # others in it
    measures: Mapping[str, Published | Suppressed]  # area or "overall" -> figures, or why none
    passed_over: Mapping[str, Why] = field(default_factory=dict)  # smaller group -> why it is not shown
    is_demo: bool = False  # the others are invented

    @property
    def middle(self) -> dict[str, Fraction]:
        """Area -> where others stand: their median, or their mean where they are too few for one."""
        return {
            area: Fraction(found.middle, 100)
            for area, found in self.measures.items()
            if isinstance(found, Published) and area != OVERALL
        }


def beside(found: "Comparison") -> Peers | None:
    """The group that the benchmark page shows; None where none is published."""
    chosen, measures = found.chosen, found.measures
    if chosen is None or chosen.on is None or measures is None:
        return None
    smaller = found.groups[: list(found.groups).index(chosen)]
    return Peers(
        chosen.cohort,
        chosen.on,
        chosen.level,
        found.companies,
        measures,
        {group.level: group.why for group in smaller if group.why is not None},
        is_demo=found.is_demo,
    )

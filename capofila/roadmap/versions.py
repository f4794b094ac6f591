"""What the page of the versions shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from capofila.assessments.models import Assessment
from capofila.roadmap import library, queries
from capofila.roadmap.models import RoadmapHandover


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

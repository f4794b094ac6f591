"""Two answers files, or two assessments of one company, as a comparison."""

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules.comparison import Comparison, Round, compare
from capofila.instruments import library
from capofila.lib.problems import Place, Problem, gettext_noop


def compared(before: Submission, after: Submission) -> Comparison:
    """The comparison of two rounds. Raises `Problem` when they do not belong together."""
    if before.instrument.code != after.instrument.code:
        raise Problem(
            "comparison.other-instrument",
            gettext_noop("One answers {one}, the other {other}; expected two of the same instrument."),
            at=Place(after.file, key="instrument"),
            one=before.instrument.name,
            other=after.instrument.name,
        )
    if before.day is not None and after.day is not None and after.day < before.day:
        raise Problem(
            "comparison.order",
            gettext_noop(
                "The later one is from {after}, the earlier from {before}; expected the other order."
            ),
            at=Place(after.file, key="date"),
            after=after.day,
            before=before.day,
        )
    crosswalk = library.crosswalk(before.name, after.name)
    return compare(_round(before), _round(after), crosswalk)


def _round(side: Submission) -> Round:
    return Round(side.instrument, side.profile, side.answers)

"""What the later rooms have to say before two records of one company are merged."""

from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.lib.problems import Problem, gettext_noop


class InterviewsConflict(Problem):
    """Both records have an interview that is still open, of one questionnaire and stage."""

    status = 409


def check_interviews(kept: Company, gone: Company) -> None:
    """Raise `InterviewsConflict` where both have an open assessment of one instrument and stage."""
    open_ = Assessment.objects.exclude(state=Assessment.State.COMPLETE)
    mine = set(open_.filter(company=kept).values_list("instrument", "stage"))
    if mine & set(open_.filter(company=gone).values_list("instrument", "stage")):
        raise InterviewsConflict(
            "desk.interviews-conflict",
            gettext_noop(
                "Both {name} and {other} have an open interview of one stage. Complete one of them."
            ),
            name=kept.name,
            other=gone.name,
        )


def nothing_chosen() -> Problem:
    """For a form that was sent without the choice its buttons make."""
    return Problem(
        "desk.nothing-chosen",
        gettext_noop("Nothing was chosen, and nothing was changed. Go back and choose."),
    )

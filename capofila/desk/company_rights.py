"""What may be said of a company to somebody who may not know of it."""

from django.utils import timezone

from capofila.companies import actions, queries
from capofila.consortium.access import Who
from capofila.lib.problems import Problem, gettext_noop


class VatElsewhere(Problem):
    """The VAT number is of a company that the person may not know of."""

    status = 409


def taken(refused: actions.VatTaken, asking: Who, vat: object) -> Problem:
    """The name of the other company is told only to those who may see it."""
    if queries.visible(asking, timezone.localdate()).filter(vat=vat).exists():
        return refused
    return VatElsewhere(
        "company.vat-elsewhere",
        gettext_noop(
            "A company with this VAT number is in the registry. Ask the lead partner to let you serve it too."
        ),
    )

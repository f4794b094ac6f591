"""Reading the consortium: partners and their people, as pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from capofila.consortium.models import Invitation, Membership, Partner


@dataclass(frozen=True)
class PartnerRow:
    partner: Partner
    people: int | None  # None where one may not know


def current_memberships(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def partners(on: date, *, people_of: frozenset[int] | None) -> Sequence[PartnerRow]:
    """The lead partner first, then by name; people counted at the partners `people_of` (None: all)."""
    counts = Counter(Membership.objects.filter(current_memberships(on)).values_list("partner", flat=True))
    return [
        PartnerRow(partner, counts[partner.pk] if people_of is None or partner.pk in people_of else None)
        for partner in Partner.objects.order_by("-is_lead", "name")
    ]


def people(partner: Partner, on: date) -> QuerySet[Membership]:
    """Who works for the partner now, by name."""
    found = Membership.objects.filter(current_memberships(on), partner=partner)
    return found.select_related("user", "partner__hub").order_by("user__name", "user__email")


def invitations(partner: Partner, at: datetime) -> QuerySet[Invitation]:
    """Offers not taken up yet, the newest first; those that expired are among them."""
    found = Invitation.objects.filter(partner=partner, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return found.order_by("-created_at")

"""The hub, its partners, who works for them and in which role, and who was invited."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from capofila.accounts.models import User


class Role(models.TextChoices):
    """What a member is; a company's contact is none of these, but belongs to its company."""

    LEAD_ADMINISTRATOR = "lead-administrator", _("lead administrator")
    PARTNER_MANAGER = "partner-manager", _("partner manager")
    CONSULTANT = "consultant", _("consultant")
    AUDITOR = "auditor", _("auditor")


ROLES = [role.value for role in Role]


class Hub(models.Model):
    """One hub to a database."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    name = models.CharField(max_length=200)
    second_factor_roles = models.JSONField(default=list, blank=True)  # roles that must have one
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="consortium_one_hub"),
            models.CheckConstraint(condition=~Q(name=""), name="consortium_hub_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(max_length=200)
    is_lead = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="consortium_partner_has_a_name"),
            models.UniqueConstraint(fields=["hub", "name"], name="consortium_one_partner_per_name"),
            models.UniqueConstraint(
                fields=["hub"], condition=Q(is_lead=True), name="consortium_one_lead_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody has a role at a partner. A new role is a new row; the old one ends and stays."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=18, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the first day without it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="consortium_role_is_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="consortium_membership_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(until__isnull=True), name="consortium_one_role_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}, {self.partner}"


class Invitation(models.Model):
    """A role offered to an e-mail address; whoever reads mail there may accept it once, until it expires.

    The link's secret is in the mail alone; here is its checksum.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=18, choices=Role)
    email = models.EmailField()
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="consortium_invited_role_is_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="consortium_invitation_lasts"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="consortium_invitation_is_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.role}, {self.partner}"

"""A company of the registry, its people, who serves it, what was noted and corrected."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from capofila.consortium.models import Partner


class Company(models.Model):
    """Money is in whole euro cents; text is empty, and a figure None, where it is not known.

    One that was merged into another stays, names it, and is shown nowhere but in its history.
    """

    class Type(models.TextChoices):
        SME = "sme", _("small or medium-sized enterprise")
        PSO = "pso", _("public body")

    class Size(models.TextChoices):
        MICRO = "micro", _("micro enterprise")
        SMALL = "small", _("small enterprise")
        MEDIUM = "medium", _("medium-sized enterprise")
        SMALL_MID_CAP = "small-mid-cap", _("small mid-cap")
        LARGE = "large", _("large enterprise")

    class Brought(models.TextChoices):
        EVENT = "event", _("an event")
        ASSOCIATION = "association", _("an association")
        COMPANY = "company", _("another company")
        PARTNER = "partner", _("a partner")
        ITSELF = "itself", _("it came by itself")

    name = models.CharField(max_length=300)
    type = models.CharField(max_length=3, choices=Type, default=Type.SME)
    vat = models.CharField(max_length=16, blank=True)
    tax_code = models.CharField(max_length=16, blank=True)
    rea = models.CharField(max_length=12, blank=True)
    ateco_version = models.CharField(max_length=4, blank=True)
    ateco_code = models.CharField(max_length=10, blank=True)
    province = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    website = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=20, blank=True, db_index=True)  # of data/sectors.yaml
    profile = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=13, choices=Size, blank=True)
    size_is_provisional = models.BooleanField(default=False)
    employees = models.PositiveIntegerField(null=True, blank=True)
    turnover_cents = models.BigIntegerField(null=True, blank=True)
    balance_sheet_cents = models.BigIntegerField(null=True, blank=True)
    goals = models.JSONField(default=list, blank=True)  # codes of roadmap/data/goals.yaml
    goals_text = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="it")
    brought_by = models.CharField(max_length=11, choices=Brought, blank=True)
    brought_by_name = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=100, blank=True)  # the name's telling words: its place in a list
    search_text = models.TextField(blank=True)  # rules.search.text
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="companies_by_name"),
            models.Index(fields=["province", "city", "name_key"], name="companies_by_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="companies_name_is_given"),
            models.CheckConstraint(condition=Q(type__in=["sme", "pso"]), name="companies_type_is_known"),
            models.CheckConstraint(
                condition=Q(size__in=["", "micro", "small", "medium", "small-mid-cap", "large"]),
                name="companies_size_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ateco_code="", ateco_version="")
                | Q(~Q(ateco_code=""), ateco_version__in=["2007", "2025"]),
                name="companies_ateco_has_its_version",
            ),
            models.CheckConstraint(
                condition=Q(turnover_cents__isnull=True) | Q(turnover_cents__gte=0),
                name="companies_turnover_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(balance_sheet_cents__isnull=True) | Q(balance_sheet_cents__gte=0),
                name="companies_balance_sheet_is_not_negative",
            ),
            models.UniqueConstraint(
                fields=["vat"],
                condition=~Q(vat="") & Q(merged_into__isnull=True),
                name="companies_one_company_per_vat",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="companies_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(brought_by__in=["", "event", "association", "company", "partner", "itself"]),
                name="companies_brought_by_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person of the company; `user` once that person signs in."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "email"], condition=~Q(email=""), name="companies_one_contact_per_email"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """A contact agreed to be written to, on a day; withdrawn, the row stays with that day."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="companies_consent_is_withdrawn_after_it_is_given",
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(withdrawn_on__isnull=True),
                name="companies_one_consent_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.given_on}"


class Declaration(models.Model):
    """A status that a company declared on a day, such as innovative SME; the day may not be known."""

    class Status(models.TextChoices):
        INNOVATIVE_SME = "innovative-sme", _("innovative SME")
        INNOVATIVE_STARTUP = "innovative-startup", _("innovative start-up")
        WOMEN_LED = "women-led", _("women-led")
        YOUTH_LED = "youth-led", _("youth-led")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="declarations")
    status = models.CharField(max_length=18, choices=Status)
    declared_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # the first day without it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["innovative-sme", "innovative-startup", "women-led", "youth-led"]),
                name="companies_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(declared_on__isnull=True)
                | Q(until__gte=F("declared_on")),
                name="companies_status_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["company", "status"],
                condition=Q(until__isnull=True),
                name="companies_one_declaration_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.status}"


class Serving(models.Model):
    """A partner serves a company, from a day until a day: hence who may see it, and change it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="servings")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the first day without it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="companies_serving_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["company", "partner"],
                condition=Q(until__isnull=True),
                name="companies_served_once_by_a_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.company}"


class Note(models.Model):
    """What a partner noted about a company; no other partner reads it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="notes")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)  # as it was at that time
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="companies_note_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} on {self.company}"


class Correction(models.Model):
    """One fact of a company that was changed: from what, to what, and why.

    It stands beside the journal's entry, which keeps who and when but no texts.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="corrections")
    entry = models.BigIntegerField(null=True, blank=True)  # number in the journal
    fact = models.CharField(max_length=30)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="companies_correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.fact}"

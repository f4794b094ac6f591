"""A company of the registry and its people."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """Money is in whole euro cents; text is empty, and a figure None, where it is not known."""

    class Type(models.TextChoices):
        SME = "sme", _("small or medium-sized enterprise")
        PSO = "pso", _("public body")

    class Size(models.TextChoices):
        MICRO = "micro", _("micro enterprise")
        SMALL = "small", _("small enterprise")
        MEDIUM = "medium", _("medium-sized enterprise")
        SMALL_MID_CAP = "small-mid-cap", _("small mid-cap")
        LARGE = "large", _("large enterprise")

    name = models.CharField(max_length=300)
    type = models.CharField(max_length=3, choices=Type, default=Type.SME)
    vat = models.CharField(max_length=16, blank=True)
    tax_code = models.CharField(max_length=16, blank=True)
    rea = models.CharField(max_length=12, blank=True)
    ateco_version = models.CharField(max_length=4, blank=True)
    ateco_code = models.CharField(max_length=10, blank=True)
    province = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=100, blank=True)
    profile = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=13, choices=Size, blank=True)
    size_is_provisional = models.BooleanField(default=False)
    employees = models.PositiveIntegerField(null=True, blank=True)
    turnover_cents = models.BigIntegerField(null=True, blank=True)
    balance_sheet_cents = models.BigIntegerField(null=True, blank=True)
    goals = models.JSONField(default=list, blank=True)  # codes of roadmap/data/goals.yaml
    goals_text = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="it")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
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
                fields=["vat"], condition=~Q(vat=""), name="companies_one_company_per_vat"
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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "email"], condition=~Q(email=""), name="companies_one_contact_per_email"
            ),
        ]

    def __str__(self) -> str:
        return self.name

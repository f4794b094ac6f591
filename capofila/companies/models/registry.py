"""How companies are found and put in order, and which two of them are probably one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from capofila.companies.models.company import Company


class SearchGram(models.Model):
    """Pieces of the words a company is found by (rules.search)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    gram = models.CharField(max_length=5)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gram", "company"], name="companies_one_row_per_gram"),
        ]

    def __str__(self) -> str:
        return self.gram


class Likeness(models.Model):
    """Two companies that are probably one (rules.duplicates), until they are merged or told apart."""

    one = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")  # entered later
    why = models.CharField(max_length=10)
    nearness = models.PositiveSmallIntegerField()  # 100 is the same
    told_apart_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="companies_likeness_has_an_order"),
            models.CheckConstraint(
                condition=Q(why__in=["identifier", "name"]), name="companies_likeness_has_a_reason"
            ),
            models.UniqueConstraint(fields=["one", "other"], name="companies_one_likeness_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


class SavedOrder(models.Model):
    """How somebody last put the registry in order."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    order = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.order

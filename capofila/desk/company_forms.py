"""What a person typed about a company, cleaned by the rules of imported rows; forms save nothing."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capofila.companies.models import Company, Declaration
from capofila.companies.rules import import_cells, import_row
from capofila.consortium.models import Partner
from capofila.lib.problems import Problem
from capofila.web.words import in_words

PROFILES = (
    ("", "–"),
    ("manufacturing", _("Manufacturing")),
    ("services", _("Services")),
    ("trade", _("Trade")),
    ("construction-crafts", _("Construction and crafts")),
)
EDITIONS = (("", "–"), ("2025", "Ateco 2025"), ("2007", "Ateco 2007"))
# Code of a refusal -> the field it is about, where the code does not begin with its name.
FIELD_OF = {
    "import.no-name": "name", "import.vat-short": "vat", "import.tax-code": "tax_code",
    "import.ateco-version": "ateco_version", "import.ateco-alone": "ateco",
    "import.contact-nameless": "contact_name",
    "import.email": "contact_email", "import.phone": "contact_phone", "import.day": "consent_on",
    "import.consent-to-come": "consent_on",
}  # fmt: skip


class RowForm(forms.Form):
    """A form whose fields are columns of an import, so that one rule says what may stand in them."""

    def clean(self) -> dict[str, Any]:
        cells = {name: self.cleaned_data.get(name) for name in self.fields if name in import_row.COLUMNS}
        self.said = import_row.read_row(0, {**self.beside(), **cells}, today=timezone.localdate())
        for problem in self.said.problems:
            self.add_error(self.field_of(problem), in_words(problem))
        return self.cleaned_data

    def beside(self) -> Mapping[str, import_cells.Cell]:
        """Cells that the form does not ask for."""
        return {}

    def field_of(self, problem: Problem) -> str | None:
        stated = problem.facts.get("column", problem.code.removeprefix("import.").replace("-", "_"))
        found = FIELD_OF.get(problem.code, stated)
        return found if found in self.fields else None


class FactsForm(RowForm):
    name = forms.CharField(label=_("Name"), required=False)
    vat = forms.CharField(label=_("VAT number"), required=False)
    tax_code = forms.CharField(label=_("Tax code"), required=False)
    rea = forms.CharField(label=_("Business register"), required=False)
    ateco = forms.CharField(label=_("Activity code"), required=False)
    ateco_version = forms.ChoiceField(
        label=_("Edition of the activity code"), choices=EDITIONS, required=False
    )
    profile = forms.ChoiceField(label=_("Profile"), choices=PROFILES, required=False)
    employees = forms.CharField(label=_("Employees"), required=False)
    turnover = forms.CharField(label=_("Turnover in euros"), required=False)
    balance_sheet = forms.CharField(label=_("Balance sheet total in euros"), required=False)
    address = forms.CharField(label=_("Address"), required=False)
    postcode = forms.CharField(label=_("Postcode"), required=False)
    city = forms.CharField(label=_("Municipality"), required=False)
    province = forms.CharField(label=_("Province"), required=False)
    website = forms.CharField(label=_("Website"), required=False)
    brought_by = forms.ChoiceField(
        label=_("Brought by"), choices=[("", "–"), *Company.Brought.choices], required=False
    )
    brought_by_name = forms.CharField(label=_("Who brought it, by name"), max_length=200, required=False)

    def facts(self) -> dict[str, import_row.Value | None]:
        """Every fact the form asks for; None where nothing was typed."""
        stated = {name: self.said.facts.get(name) for name in import_row.FACTS}
        return {
            **stated,
            "brought_by": self.cleaned_data["brought_by"],
            "brought_by_name": self.cleaned_data["brought_by_name"],
        }


class CorrectForm(FactsForm):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Stands in the company’s history."), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def typed(company: Company) -> dict[str, Any]:
    """A company as the form shows it."""
    return {
        **{name: getattr(company, name) for name in FactsForm.base_fields if hasattr(company, name)},
        "ateco": company.ateco_code,
        "turnover": euros(company.turnover_cents),
        "balance_sheet": euros(company.balance_sheet_cents),
    }


def euros(cents: int | None) -> str:
    """Cents as somebody types euros: 1234,50."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02}".removesuffix(",00")


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), help_text=_("Read by your partner, and by no other."), max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class ContactForm(RowForm):
    contact_name = forms.CharField(label=_("Name and surname"))
    contact_role = forms.CharField(label=_("Role"), required=False)
    contact_email = forms.CharField(label=_("E-mail address"), required=False)
    contact_phone = forms.CharField(label=_("Telephone"), required=False)

    def beside(self) -> Mapping[str, import_cells.Cell]:
        return {"name": "–"}


class NewContactForm(ContactForm):
    consent_on = forms.CharField(
        label=_("Day of the consent"), required=False,
        help_text=_("The day they agreed to be written to; empty if they did not."),
    )  # fmt: skip


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=Declaration.Status.choices)
    declared_on = forms.DateField(
        label=_("Day of the declaration"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ImportForm(forms.Form):
    file = forms.FileField(label=_("CSV file or XLSX spreadsheet"))
    partner = forms.ChoiceField(
        label=_("Partner"), required=False, help_text=_("Serves the companies of rows that name no partner.")
    )
    strict = forms.BooleanField(label=_("Enter nothing when a row is refused"), required=False)

    def __init__(self, *args: Any, partners: Collection[Partner], nobody: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        assert isinstance(field, forms.ChoiceField)
        none = [("", _("none"))] if nobody else []
        field.choices = [*none, *((str(partner.pk), partner.name) for partner in partners)]

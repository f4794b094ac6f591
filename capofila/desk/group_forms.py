"""What a person typed about a group, cleaned; forms save nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capofila.companies.rules import import_cells
from capofila.companies.rules.ties import KINDS, WAYS
from capofila.desk.company_forms import euros
from capofila.desk.group_words import MARKETS
from capofila.lib.problems import Problem
from capofila.web.words import in_words

Choices = Sequence[tuple[str, str]]


class EurosField(forms.CharField):
    """Euros as somebody types them, in whole cents; None where nothing is."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, **facts)

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return import_cells.cents(str(self.label), text)
        except Problem as problem:
            raise forms.ValidationError(in_words(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        return euros(value) if isinstance(value, int) else value


class NumberField(forms.DecimalField):
    """With the decimals of the language, and those of the other."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, localize=True, min_value=0, **facts)
        self.widget.input_type = "text"  # a comma is no mistake

    def prepare_value(self, value: Any) -> Any:
        return format(value.normalize(), "f") if hasattr(value, "normalize") else value


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, help_text=help_text, widget=widget)


class GroupForm(forms.Form):
    """A row of a group; of one that stands already, with the reason."""

    def __init__(self, *args: Any, members: Choices, correcting: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("enterprise", "owner", "of", "one", "other"):
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = members
                field.disabled = correcting
                field.required = not correcting
        if correcting:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), help_text=_("Stands in the company’s history."), max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the row says, by the names of its columns; ends are those of the view."""
        left_out = ("reason", "enterprise", "owner", "of", "one", "other", "vat", "relation")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class EnterpriseForm(GroupForm):
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, _(name)) for code, name in KINDS.items()])
    country = forms.RegexField(
        "^[A-Za-z]{2}$", label=_("Country"), initial="IT", help_text=_("Two letters, such as IT.")
    )
    invested_cents = EurosField(label=_("Euros invested"), help_text=_("Of a business angel."))
    budget_cents = EurosField(label=_("Budget of a year in euros"), help_text=_("Of a local authority."))
    inhabitants = forms.IntegerField(
        label=_("Inhabitants"), required=False, min_value=0, max_value=10**10,
        help_text=_("Of a local authority."),
    )  # fmt: skip

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class SharesMixin(forms.Form):
    """Percent of capital and votes, and since when; one of the two where shares carry votes alike."""

    capital = NumberField(label=_("Percent of the capital"), max_value=100, max_digits=9, decimal_places=6)
    votes = NumberField(
        label=_("Percent of the votes"), max_value=100, max_digits=9, decimal_places=6,
        help_text=_("Empty where shares carry votes in proportion."),
    )  # fmt: skip

    def shares(self, *, needed: bool) -> None:
        """Each is the other where one is not given."""
        said = self.cleaned_data
        given = [said.get(name) for name in ("capital", "votes")]
        if needed and given == [None, None] and not self.errors:
            self.add_error("capital", _("Give the percentage of the capital, of the votes, or both."))
        said["capital"] = given[1] if given[0] is None else given[0]
        said["votes"] = given[0] if given[1] is None else given[1]


class NewEnterpriseForm(SharesMixin, EnterpriseForm):
    vat = forms.CharField(
        label=_("VAT number of a company of the registry"), required=False,
        help_text=_("Then its name, kind and figures are its own; leave the name empty."),
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=_("Its holding"), required=False, initial="owner", widget=forms.RadioSelect
    )
    since = day_field(_("Since"), _("Empty where it is not known, or always was."))
    field_order: Sequence[str] = (
        "name", "vat", "kind", "relation", "capital", "votes", "since", "country", "invested_cents",
        "budget_cents", "inhabitants",
    )  # fmt: skip

    def __init__(self, *args: Any, company: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["relation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("owner", _("it holds a part of %(name)s") % {"name": company}),
            ("owned", _("%(name)s holds a part of it") % {"name": company}),
            ("none", _("neither; another enterprise of the group does, or a link ties it")),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.shares(needed=said.get("relation") in ("owner", "owned"))
        if not said.get("name") and not said.get("vat"):
            self.add_error("name", _("Give its name, or the VAT number of a company of the registry."))
        if said.get("vat") and said.get("relation") == "none":
            self.add_error("relation", _("Say what it holds, or who holds it."))
        return said


class AccountsForm(GroupForm):
    enterprise = forms.ChoiceField(label=_("Enterprise"))
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200, localize=False)
    awu = NumberField(
        label=_("Annual work units"), max_digits=14, decimal_places=4,
        help_text=_("Full time all year is 1; part time and part of a year are fractions. Not apprentices."),
    )  # fmt: skip
    turnover_cents = EurosField(label=_("Turnover in euros"))
    balance_sheet_cents = EurosField(label=_("Balance sheet total in euros"))


class HoldingForm(SharesMixin, GroupForm):
    owner = forms.ChoiceField(label=_("Who holds"))
    of = forms.ChoiceField(label=_("Of whom"))
    since = day_field(_("Since"), _("Empty where it is not known, or always was."))
    until = day_field(_("Until"), _("The last day of it; empty as long as it lasts."))
    field_order: Sequence[str] = ("owner", "of", "capital", "votes", "since", "until")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.shares(needed=True)
        return said


class LinkForm(GroupForm):
    one = forms.ChoiceField(label=_("Between"))
    other = forms.ChoiceField(label=_("And"))
    by = forms.ChoiceField(label=_("Linked by"), choices=[(code, _(name)) for code, name in WAYS.items()])
    market = forms.ChoiceField(
        label=_("Market"), required=False, help_text=_("Matters where persons link them."),
        choices=[("", _("not known")), *((code, _(name)) for code, name in MARKETS.items())],
    )  # fmt: skip
    since = day_field(_("Since"), _("Empty where it is not known, or always was."))
    until = day_field(_("Until"), _("The last day of it; empty as long as it lasts."))


class GroupFileForm(forms.Form):
    file = forms.FileField(label=_("YAML or JSON file"), help_text=_("As “capofila company_size” reads it."))

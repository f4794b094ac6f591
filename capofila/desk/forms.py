"""What was typed on pages of the desk, cleaned; forms save nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capofila.companies.company_file import LONGEST_NAME
from capofila.reports.rules import markup


class HandOverForm(forms.Form):
    """`number` is what the version is counted as, so that sent twice it is handed over once."""

    report = forms.MultipleChoiceField(
        label=_("Which one"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Both languages go with one mail."),
    )
    contact = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        versions: Sequence[tuple[str, str]],
        contacts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        first: dict[str, object] = {"report": [versions[0][0]]} if versions else {}
        first |= {"contact": contacts[0][0]} if contacts else {}
        super().__init__(*args, **{**kwargs, "initial": {**first, **kwargs.get("initial", {})}})
        for name, choices in (("report", versions), ("contact", contacts)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class TextForm(forms.Form):
    """One text of the report; `after` is the number of the newest edit that the person saw."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "An empty line begins a paragraph; a line that begins with “- ” is an item of a list; "
            "**bold**, *italics*."
        ),
        max_length=markup.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class StartForm(forms.Form):
    company = forms.CharField(label=_("Name of the company"), max_length=LONGEST_NAME)
    profile = forms.ChoiceField(label=_("What it does"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, profiles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = profiles

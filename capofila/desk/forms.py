"""What a visitor typed, cleaned; forms save nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capofila.companies.company_file import LONGEST_NAME


class StartForm(forms.Form):
    company = forms.CharField(label=_("Name of the company"), max_length=LONGEST_NAME)
    profile = forms.ChoiceField(label=_("What it does"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, profiles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = profiles

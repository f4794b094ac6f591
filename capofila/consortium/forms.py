"""What a person typed about partners and people, cleaned; forms save nothing."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from capofila.accounts.api_tokens import LONGEST_DAYS
from capofila.accounts.models import ApiToken
from capofila.consortium.models import Role

LONGEST_NAME = 200


class PartnerForm(forms.Form):
    name = forms.CharField(label=_("Name of the partner"), max_length=LONGEST_NAME)


class SecondFactorForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles that must have a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, label) for value, label in Role.choices if value in roles]


class InviteForm(RoleForm):
    name = forms.CharField(label=_("Name and surname"), max_length=LONGEST_NAME)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "language", "role")


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), help_text=_("Of the program, so that you know it again."), max_length=100
    )
    scope = forms.ChoiceField(
        label=_("What it does"),
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("Good for how many days"),
        help_text=_("At most 366. Then a new one is made."),
        min_value=1,
        max_value=LONGEST_DAYS,
    )


class JoinForm(forms.Form):
    """For somebody new; who has a password already is asked for nothing."""

    name = forms.CharField(
        label=_("Name and surname"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least twelve characters; a sentence is easier to keep than a riddle."),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            validate_password(cleaned.get("password", ""))
        except ValidationError as weak:
            if "password" in cleaned:
                self.add_error("password", weak)
        return cleaned

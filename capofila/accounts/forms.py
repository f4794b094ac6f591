"""What a person typed about the own account, cleaned; ours save nothing.

allauth's forms are used with our labels, and without its link between two fields, which Tab would meet.
"""

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name and surname"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class _Relabelled:
    """Our word for each field; whoever adds a field to allauth's forms keeps its own."""

    fields: dict[str, forms.Field]
    LABELS: ClassVar = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Password of today"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
        "code": _("Code"),
        "name": _("Name"),
        "passwordless": _("Signs in by itself, without a password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            if name in {"password", "oldpassword", "passwordless"}:
                field.help_text = ""


class SignInForm(_Relabelled, allauth.LoginForm):  # type: ignore[misc]
    pass


class ConfirmForm(_Relabelled, allauth.ReauthenticateForm):  # type: ignore[misc]
    pass


class AskResetForm(_Relabelled, allauth.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetForm(_Relabelled, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangeForm(_Relabelled, allauth.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetForm(_Relabelled, allauth.SetPasswordForm):  # type: ignore[misc]
    pass


class AddressForm(_Relabelled, allauth.AddEmailForm):  # type: ignore[misc]
    LABELS: ClassVar = {"email": _("New e-mail address")}


class CodeForm(_Relabelled, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ConfirmCodeForm(_Relabelled, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class AppForm(_Relabelled, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class PasskeyForm(_Relabelled, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyNameForm(_Relabelled, passkeys.EditWebAuthnForm):  # type: ignore[misc]
    pass

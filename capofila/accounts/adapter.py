"""What allauth asks of us: no sign-up, mail through our queue, the language a person chose, our name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from capofila.accounts import actions, mail
from capofila.accounts.models import User

NAME = "Capofila"
# allauth's mails that can happen here -> our templates.
MAILS = {
    "account/email/password_reset_key": "accounts/mail/reset",
    "account/email/unknown_account": "accounts/mail/unknown",
    "account/email/email_confirmation": "accounts/mail/confirm-address",
}
# What changed in an account, as `accounts/mail/changed` says it; its person is told each time.
CHANGES = {
    "account/email/password_changed": "password",
    "account/email/password_reset": "password",
    "account/email/password_set": "password",
    "account/email/email_changed": "address",
    "mfa/email/totp_activated": "app-added",
    "mfa/email/totp_deactivated": "app-removed",
    "mfa/email/webauthn_added": "passkey-added",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "codes",
    "socialaccount/email/account_connected": "provider-connected",
    "socialaccount/email/account_disconnected": "provider-disconnected",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        language = user.language if isinstance(user, User) else (get_language() or settings.LANGUAGE_CODE)
        mail.write(
            MAILS[template_prefix],
            to=email,
            language=language,
            at=timezone.now(),
            address=context.get("password_reset_url") or context.get("activate_url", ""),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the address of the account; when that is what changed, to the one it had."""
        if template_prefix in CHANGES:
            actions.tell_change(user, CHANGES[template_prefix], at=timezone.now(), to=email or user.email)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """To an address that is somebody else's, a mail that says so: the page says the same for any."""
        asked = emailconfirmation.email_address
        if not _taken(asked):
            super().send_confirmation_mail(request, emailconfirmation, signup)
            return
        language = User.objects.get(email__iexact=asked.email).language
        mail.write("accounts/mail/taken-address", to=asked.email, language=language, at=timezone.now())

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """False when somebody else came to have that address meanwhile."""
        return not _taken(email_address) and bool(super().confirm_email(request, email_address))

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:profile")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Who enters by link has no password to reset, and receives a link instead."""
        if not user.enters_by_link:
            super().send_password_reset_mail(user, email, context)
            return
        address = self.request.build_absolute_uri(reverse("accounts:enter", args=["SECRET"]))
        actions.send_link(email, address=address, language=user.language, at=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **options)
        remember_language(response, user.language)
        return response


def _taken(address: Any) -> bool:
    return User.objects.filter(email__iexact=address.email).exclude(pk=address.user_id).exists()


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """The identity provider says who somebody is, not that they belong here."""
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Never for who enters by link, nor with an address the provider has not verified."""
        if User.objects.filter(email__iexact=email, enters_by_link=True).exists():
            return False
        return bool(super().can_authenticate_by_email(login, email))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def get_totp_issuer(self) -> str:
        return NAME

    def _get_site_name(self) -> str:
        return NAME


def remember_language(response: HttpResponseBase, language: str) -> None:
    """The cookie that chooses the language of pages, as Django's own view sets it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )

"""Sign-in and a person's own account, under `account/`.

allauth's pages are named one by one, so that what is not listed does not exist (sign-up does not), and
each says to whom it opens. The names are those that allauth looks for.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, re_path

from capofila.accounts import views
from capofila.accounts.models import User
from capofila.web.access import Rule, anybody, opens_to, signed_in


def with_password(request: HttpRequest) -> bool:
    """Signed in, and not somebody who enters by link."""
    return isinstance(request.user, User) and not request.user.enters_by_link


def absent(request: HttpRequest) -> HttpResponse:
    """An address that allauth names and we do not have; it opens to nobody."""
    raise Http404


def _page(route: str, view: Callable[..., Any], name: str, rule: Rule) -> URLPattern:
    return path(route, opens_to(rule)(view), name=name)


own = (
    [
        path("", views.profile, name="profile"),
        path("language/", views.set_language, name="language"),
        path("link/", views.ask_link, name="ask-link"),
        path("link/asked/", views.link_asked, name="link-asked"),
        path("enter/<str:secret>/", views.enter, name="enter"),
    ],
    "accounts",
)
# Beside `account/`: where both its sign-in and this page lie, allauth redirects what is not found there.
address = [
    _page("", views.change_address, "account_email", with_password),
    _page("confirm/<str:key>/", account.confirm_email, "account_confirm_email", anybody),
    path("asked/", absent, name="account_email_verification_sent"),
]
RESET = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$"
urlpatterns = [
    path("", include(own)),
    _page("sign-in/", account.login, "account_login", anybody),
    _page("sign-out/", account.logout, "account_logout", signed_in),
    _page("inactive/", account.account_inactive, "account_inactive", anybody),
    path("sign-up/", absent, name="account_signup"),
    _page("confirm/", account.reauthenticate, "account_reauthenticate", signed_in),
    _page("password/change/", account.password_change, "account_change_password", with_password),
    _page("password/set/", account.password_set, "account_set_password", with_password),
    _page("password/reset/", account.password_reset, "account_reset_password", anybody),
    _page("password/reset/asked/", account.password_reset_done, "account_reset_password_done", anybody),
    _page("password/reset/done/", account.password_reset_from_key_done,
          "account_reset_password_from_key_done", anybody),
    re_path(RESET, opens_to(anybody)(account.password_reset_from_key),
            name="account_reset_password_from_key"),
    _page("second-factor/", mfa.index, "mfa_index", with_password),
    _page("second-factor/sign-in/", mfa.authenticate, "mfa_authenticate", anybody),
    _page("second-factor/confirm/", mfa.reauthenticate, "mfa_reauthenticate", with_password),
    _page("second-factor/app/", totp.activate_totp, "mfa_activate_totp", with_password),
    _page("second-factor/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp", with_password),
    _page("second-factor/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes", with_password),
    _page("second-factor/codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes",
          with_password),
    _page("second-factor/codes/file/", codes.download_recovery_codes, "mfa_download_recovery_codes",
          with_password),
    _page("passkeys/", passkeys.list_webauthn, "mfa_list_webauthn", with_password),
    _page("passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn", with_password),
    _page("passkeys/confirm/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn",
          with_password),
    _page("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn", with_password),
    _page("passkeys/<int:pk>/name/", passkeys.edit_webauthn, "mfa_edit_webauthn", with_password),
    _page("passkeys/sign-in/", passkeys.login_webauthn, "mfa_login_webauthn", anybody),
    _page("provider/cancelled/", social.login_cancelled, "socialaccount_login_cancelled", anybody),
    _page("provider/error/", social.login_error, "socialaccount_login_error", anybody),
    path("provider/sign-up/", absent, name="socialaccount_signup"),
    path("provider/connections/", absent, name="socialaccount_connections"),
    _page("provider/<str:provider_id>/", openid.login, "openid_connect_login", anybody),
    _page("provider/<str:provider_id>/back/", openid.callback, "openid_connect_callback", anybody),
]  # fmt: skip

"""Pages of a person's own account; signing in, reset and second factor are allauth's, in our templates."""

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as remember_chosen

from capofila.accounts import actions, second_factor
from capofila.accounts.adapter import remember_language
from capofila.accounts.forms import LinkForm, ProfileForm
from capofila.accounts.models import User
from capofila.web.access import anybody, opens_to, signed_in

BACKEND = "capofila.accounts.signed_in.Backend"


def too_many(request: HttpRequest) -> HttpResponse:
    """The page for whoever tries too often; also of the rooms whose pages are limited."""
    return render(request, "429.html", status=429)


@opens_to(signed_in)
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, and the ways to sign in."""
    user = request.user
    assert isinstance(user, User)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={"name": user.name, "language": user.language},
    )
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        response = redirect("accounts:profile")
        remember_language(response, form.cleaned_data["language"])
        return response
    facts = {"form": form, "has_second_factor": second_factor.has_one(user)}
    return render(request, "accounts/profile.html", facts, status=422 if form.errors else 200)


def change_address(request: HttpRequest) -> HttpResponse:
    """allauth's page; the address of today counts as confirmed, since an invitation came to it."""
    user = request.user
    assert isinstance(user, User)
    if not EmailAddress.objects.filter(user=user, primary=True, email__iexact=user.email).exists():
        EmailAddress.objects.filter(user=user, primary=True).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults={"primary": True, "verified": True}
        )
    response: HttpResponse = allauth_views.email(request)
    return response


@opens_to(anybody)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language a person chose, and go back to the page they were on."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in dict(settings.LANGUAGES):
        actions.keep_language(request.user, chosen)
    return remember_chosen(request)


@opens_to(anybody)
def ask_link(request: HttpRequest) -> HttpResponse:
    """A contact of a company asks for a new link; the answer is the same whoever asks."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/ask_link.html", {"form": form}, status=status)
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="link", key=email):
        return too_many(request)
    address = request.build_absolute_uri(reverse("accounts:enter", args=["SECRET"]))
    actions.send_link(email, address=address, language=get_language() or "it", at=timezone.now())
    return redirect("accounts:link-asked")


@opens_to(anybody)
def link_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_asked.html")


@opens_to(anybody)
@never_cache
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Let somebody in by their link. Only a button does: scanners of mail open every address."""
    if request.method != "POST":
        return render(request, "accounts/enter.html")
    if not ratelimit.consume(request, action="enter"):
        return too_many(request)
    try:
        link = actions.use_link(secret, at=timezone.now())
    except actions.LinkSpent as spent:
        return render(request, "accounts/link_spent.html", status=spent.status)
    login(request, link.user, backend=BACKEND)
    record_authentication(request, link.user, method="link")
    response = HttpResponseRedirect(link.goes_to)
    remember_language(response, link.user.language)
    return response

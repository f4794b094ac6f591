"""Pages of the hub: partners, their people, invitations, roles, leaving."""

from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from capofila.accounts.models import User
from capofila.accounts.views import too_many
from capofila.consortium import access, actions, queries
from capofila.consortium.access import Facts, needs, who
from capofila.consortium.forms import InviteForm, JoinForm, PartnerForm, RoleForm, SecondFactorForm
from capofila.consortium.models import Hub, Invitation, Membership, Partner, Role
from capofila.lib.problems import Problem
from capofila.web.access import anybody, opens_to
from capofila.web.words import in_words


@needs("read", "hub", to_post=("change",))
def hub(request: HttpRequest) -> HttpResponse:
    """The hub's settings; who may change them sees a form."""
    found = get_object_or_404(Hub)
    if request.method == "POST":
        access.check(who(request), "change", "hub")
        form = SecondFactorForm(request.POST)
        if form.is_valid():
            actions.ask_second_factor(found, form.cleaned_data["roles"], by=who(request))
            return redirect("consortium:hub")
    else:
        form = SecondFactorForm(initial={"roles": found.second_factor_roles})
    asked = [label for value, label in Role.choices if value in found.second_factor_roles]
    may_change = access.may(who(request), "change", "hub")
    facts = {"hub": found, "form": form, "asked": asked, "may_change": may_change}
    return render(request, "consortium/hub.html", facts, status=422 if form.errors else 200)


@needs("read", "partner")
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    asking = who(request)
    own = frozenset({asking.partner}) if asking.partner is not None else frozenset()
    people_of = None if access.scope(asking, "read", "membership") == "all" else own
    facts = {
        "rows": queries.partners(timezone.localdate(), people_of=people_of),
        "may_add": access.may(asking, "create", "partner"),
    }
    return render(request, "consortium/partners.html", facts)


@needs("create", "partner")
def add_partner(request: HttpRequest) -> HttpResponse:
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_partner(
                get_object_or_404(Hub), **form.cleaned_data, by=who(request), at=timezone.now()
            )
        except actions.PartnerExists as taken:
            form.add_error("name", in_words(taken))
        else:
            return redirect("consortium:partner", pk=made.pk)
    return _form(request, "consortium/add_partner.html", form)


@needs("read", "membership")
@require_safe
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works for the partner, and who is invited."""
    found, asking = _partner(pk), who(request)
    facts = Facts(partner=pk)
    access.check(asking, "read", "membership", facts)
    people = queries.people(found, timezone.localdate())
    may_change = access.may(asking, "change", "membership", facts)
    rows = [(row, may_change and row.role in actions.GIVES.get(asking.role, ())) for row in people]
    sees_invitations = access.may(asking, "read", "invitation", facts)
    at = timezone.now()
    page = {
        "partner": found,
        "rows": rows,
        "invitations": queries.invitations(found, at) if sees_invitations else (),
        "now": at,
        "may_invite": access.may(asking, "create", "invitation", facts),
        "may_rename": access.may(asking, "change", "partner", facts),
        "may_withdraw": access.may(asking, "withdraw", "invitation", facts),
        "own": asking.user,
    }
    return render(request, "consortium/partner.html", page)


@needs("change", "partner")
def rename_partner(request: HttpRequest, pk: int) -> HttpResponse:
    found = _partner(pk)
    access.check(who(request), "change", "partner", Facts(partner=pk))
    form = PartnerForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_partner(found, **form.cleaned_data, by=who(request))
        except actions.PartnerExists as taken:
            form.add_error("name", in_words(taken))
        else:
            return redirect("consortium:partner", pk=pk)
    return _form(request, "consortium/rename_partner.html", form, partner=found)


@needs("create", "invitation")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    found, asking = _partner(pk), who(request)
    access.check(asking, "create", "invitation", Facts(partner=pk))
    initial = {"language": get_language()}
    form = InviteForm(
        request.POST if request.method == "POST" else None, roles=_roles(asking, found), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        address = request.build_absolute_uri(reverse("consortium:join", args=["SECRET"]))
        try:
            actions.invite(found, **form.cleaned_data, by=asking, address=address, at=timezone.now())
        except Problem as refused:
            form.add_error(None, in_words(refused))
        else:
            return redirect("consortium:partner", pk=pk)
    return _form(request, "consortium/invite.html", form, partner=found)


@needs("withdraw", "invitation")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=pk)
    access.check(who(request), "withdraw", "invitation", Facts(partner=found.partner_id))
    actions.withdraw(found, by=who(request), at=timezone.now())
    return redirect("consortium:partner", pk=found.partner_id)


@needs("change", "membership")
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    found, asking = _membership(pk), who(request)
    access.check(asking, "change", "membership", Facts(partner=found.partner_id))
    roles = _roles(asking, found.partner)
    form = RoleForm(
        request.POST if request.method == "POST" else None, roles=roles, initial={"role": found.role}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(found, **form.cleaned_data, by=asking, on=timezone.localdate())
        except Problem as refused:
            form.add_error(None, in_words(refused))
        else:
            return redirect("consortium:partner", pk=found.partner_id)
    return _form(request, "consortium/change_role.html", form, membership=found)


@needs("end", "membership")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end somebody's work for the partner."""
    found = _membership(pk)
    access.check(who(request), "end", "membership", Facts(partner=found.partner_id))
    if request.method == "POST":
        actions.end(found, by=who(request), on=timezone.localdate())
        return redirect("consortium:partner", pk=found.partner_id)
    return render(request, "consortium/end.html", {"membership": found})


@needs("leave", "membership")
def leave(request: HttpRequest) -> HttpResponse:
    """Ask, then end one's own; nothing opens to that person afterwards, so they are signed out."""
    assert isinstance(request.user, User)
    found = access.current_membership(request.user, timezone.localdate())
    assert found is not None
    access.check(who(request), "leave", "membership", Facts(user=found.user_id))
    if request.method == "POST":
        actions.leave(found, by=who(request), on=timezone.localdate())
        logout(request)
        return redirect("account_login")
    return render(request, "consortium/leave.html", {"membership": found})


@opens_to(anybody)
@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation; whoever has a password already confirms, others choose one."""
    if request.method == "POST" and not ratelimit.consume(request, action="accept"):
        return too_many(request)
    at = timezone.now()
    found = actions.invited(secret, at=at)
    known = User.objects.filter(email__iexact=found.email, enters_by_link=False).first()
    asks = known is None or not known.has_usable_password()
    form = (
        JoinForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
        if asks
        else None
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        typed = {"name": found.name, "password": ""} if form is None else form.cleaned_data
        try:
            actions.accept(secret, **typed, at=at)
        except actions.AlreadyMember as refused:
            page = {"invitation": found, "form": form, "refusal": in_words(refused)}
            return render(request, "consortium/join.html", page, status=refused.status)
        return render(request, "consortium/joined.html", {"invitation": found})
    return _form(request, "consortium/join.html", form, invitation=found)


def _form(request: HttpRequest, template: str, form: object, **facts: object) -> HttpResponse:
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, template, {"form": form, **facts}, status=status)


def _partner(pk: int) -> Partner:
    return get_object_or_404(Partner.objects.select_related("hub"), pk=pk)


def _membership(pk: int) -> Membership:
    """One that holds today."""
    current = Membership.objects.filter(queries.current_memberships(timezone.localdate()))
    return get_object_or_404(current.select_related("user", "partner__hub"), pk=pk)


def _roles(asking: access.Who, partner: Partner) -> frozenset[str]:
    """The roles that the person may give at that partner."""
    gives = actions.GIVES.get(asking.role, frozenset())
    return gives if partner.is_lead else gives - actions.OF_THE_LEAD

"""Who may do what: one table of thing, action and role. What is not in it is denied.

Scopes: "all" whatever the thing; "own" what the person's partner serves or has; "company" what is of the
contact's company; "self" what is of the person. Creating a thing grants nothing by itself: who may do
what with it follows from the partners that serve its company. As a page: docs/access.md
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

from django.db.models import DateField, IntegerField, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from capofila.accounts.models import User
from capofila.consortium.models import Membership
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.web.access import opens_to
from capofila.web.prepared import Prepared, given

Role = Literal["lead-administrator", "partner-manager", "consultant", "auditor", "contact", "stranger"]
Scope = Literal["all", "own", "company", "self"]
Rights = Mapping[Role, Scope]
View = TypeVar("View", bound=Callable[..., Any])

MEMBERS: tuple[Role, ...] = ("lead-administrator", "partner-manager", "consultant", "auditor")
NAMED: tuple[Role, ...] = (*MEMBERS, "contact")  # a stranger has no line: nothing is a stranger's


def _rights(lead: Scope | None, manager: Scope | None, consultant: Scope | None,
            auditor: Scope | None, contact: Scope | None) -> Rights:  # fmt: skip
    scopes = (lead, manager, consultant, auditor, contact)
    return {role: scope for role, scope in zip(NAMED, scopes, strict=True) if scope is not None}


# Shapes of rights that many lines share, in the order of NAMED.
_READ_ALL_MEMBERS = _rights("all", "all", "all", "all", None)
_READ = _rights("all", "own", "own", "all", None)
_READ_WITH_CONTACT = _rights("all", "own", "own", "all", "company")
_WORK = _rights("all", "own", "own", None, None)
_MANAGE = _rights("all", "own", None, None, None)
_LEAD = _rights("all", None, None, None, None)
_CONTACT = _rights(None, None, None, None, "company")

# thing -> action -> role -> scope. Things and actions in the words of the glossary.
TABLE: Mapping[str, Mapping[str, Rights]] = {
    "hub": {"read": _READ_ALL_MEMBERS, "change": _LEAD},
    "partner": {"read": _READ_ALL_MEMBERS, "create": _LEAD, "change": _MANAGE},
    "membership": {
        "read": _READ,
        "change": _MANAGE,
        "end": _MANAGE,
        "leave": _rights("self", "self", "self", "self", None),
    },
    "invitation": {"read": _rights("all", "own", None, "all", None), "create": _MANAGE, "withdraw": _MANAGE},
    "company": {"read": _READ_WITH_CONTACT, "create": _WORK, "change": _WORK, "serve": _MANAGE},
    "company-note": {"read": _READ, "create": _WORK, "change": _WORK},
    "contact": {"read": _READ_WITH_CONTACT, "create": _WORK, "change": _WORK, "invite": _WORK},
    "import": {"read": _rights("all", "own", None, "all", None), "create": _MANAGE, "undo": _MANAGE},
    "merge": {"read": _rights("all", "own", None, "all", None), "create": _MANAGE},
    "assessment": {
        "read": _READ_WITH_CONTACT,
        "create": _WORK,
        "change": _WORK,
        "invite": _WORK,
        "complete": _WORK,
        "reopen": _WORK,
    },
    "answer": {"read": _READ_WITH_CONTACT, "create": _WORK, "pre-fill": _CONTACT, "resolve": _WORK},
    "score": {"read": _READ},  # the company reads its scores in the report
    "benchmark": {"read": _READ_WITH_CONTACT},  # the contact's once the report is handed over
    # The contact reads the roadmap once it is handed over, and says what became of its actions.
    "roadmap": {"read": _READ_WITH_CONTACT, "change": _WORK, "hand-over": _WORK, "weigh": _LEAD},
    "progress": {
        "read": _READ_WITH_CONTACT,
        "create": _rights("all", "own", "own", None, "company"),
    },
    "private-note": {"read": _WORK, "create": _WORK},
    "evidence": {
        "read": _READ_WITH_CONTACT,
        "create": _rights("all", "own", "own", None, "company"),
        "remove": _WORK,
    },
    "report": {
        "read": _READ_WITH_CONTACT,
        "read-inputs": _READ,  # what a version handed over was made from
        "create": _WORK,
        "hand-over": _WORK,
    },
    "journal": {"read": _rights("all", None, None, "all", None)},
    # Mails hold links that let a person in: the page exists in demonstration mode alone.
    "outbox": {"read": _rights("all", "all", "all", "all", "all")},
    "api-token": {
        "read": _rights("self", "self", "self", None, None),
        "create": _rights("self", "self", "self", None, None),
        "revoke": _rights("self", "self", "self", None, None),
    },
}


@dataclass(frozen=True)
class Who:
    """Who asks. `partner` is a member's, `company` a contact's; both None of a stranger."""

    user: int | None
    name: str
    role: Role
    partner: int | None = None
    company: int | None = None
    second_factor: bool = False  # the hub asks one of people in this role


STRANGER = Who(None, "", "stranger")


@dataclass(frozen=True)
class Facts:
    """What is asked about, in plain facts. What is not said is not known, and opens nothing."""

    partners: frozenset[int] = frozenset()  # that serve the company in question
    company: int | None = None
    partner: int | None = None  # whose note, member or invitation it is; then `partners` does not count
    user: int | None = None  # whose membership or token it is


NOTHING = Facts()


class Denied(Problem):
    """403 for what one may know of but not do; 404 for what one may not even know."""

    status: int

    def __init__(self, status: int) -> None:
        super().__init__(
            "access.denied",
            gettext_noop(
                "Your role does not allow this. Ask the manager of your partner, or the lead partner."
            ),
        )
        self.status = status


def scope(who: Who, action: str, thing: str) -> Scope | None:
    """How far the role reaches, for queries that choose rows; None: nowhere."""
    return TABLE[thing][action].get(who.role)


def may(who: Who, action: str, thing: str, facts: Facts = NOTHING) -> bool:
    return _reaches(who, scope(who, action, thing), facts)


def check(who: Who, action: str, thing: str, facts: Facts = NOTHING) -> None:
    """Raise `Denied` unless the table allows it."""
    if may(who, action, thing, facts):
        return
    knows = "read" in TABLE[thing] and may(who, "read", thing, facts)
    raise Denied(403 if knows else 404)


def _reaches(who: Who, reach: Scope | None, facts: Facts) -> bool:
    if reach == "all":
        return True
    if reach == "own":
        whose = facts.partners if facts.partner is None else {facts.partner}
        return who.partner is not None and who.partner in whose
    if reach == "company":
        return who.company is not None and who.company == facts.company
    if reach == "self":
        return who.user is not None and who.user == facts.user
    return False


def needs(
    action: str | tuple[str, ...], thing: str, *, to_post: tuple[str, ...] = ()
) -> Callable[[View], View]:
    """Say what a page needs: an action, or any of several; `to_post` where sending its form needs others.

    It opens to roles that reach anything; the view checks the very thing. A test walks all addresses and
    compares them with the table.
    """
    to_get = (action,) if isinstance(action, str) else action
    said = Needs(thing, to_get, to_post or to_get)
    assert {*said.to_get, *said.to_post} <= set(TABLE[thing])

    def rule(request: HttpRequest) -> bool:
        actions = said.to_post if request.method == "POST" else said.to_get
        return any(scope(who(request), each, thing) is not None for each in actions)

    def mark(view: View) -> View:
        view.needs = said  # type: ignore[attr-defined]
        return opens_to(rule)(view)

    return mark


@dataclass(frozen=True)
class Needs:
    """What a page said that it needs, any of these, for whoever compares pages with the table."""

    thing: str
    to_get: tuple[str, ...]
    to_post: tuple[str, ...]


# From people to `Who`. Companies are a later room: it says here which company a contact's user is of.

CompanyOf = Callable[[int], int | None]
_company_of: list[CompanyOf] = []


def contacts_are_told_by(company_of: CompanyOf) -> None:
    """Called once, when the room that has contacts is ready."""
    _company_of[:] = [company_of]


def who(request_or_user: Any) -> Who:
    """Asked once per request; then remembered on it."""
    if not isinstance(request_or_user, HttpRequest):
        person, today = request_or_user, timezone.localdate()
        return _who(person, lambda: _held(person, today))
    known: Who | None = getattr(request_or_user, "who", None)
    if known is None or known.user != getattr(request_or_user.user, "pk", None):
        user: Any = request_or_user.user
        today = timezone.localdate()
        asked = getattr(user, "asked_membership", None)  # when the second factor was, in this very request
        known = _who(user, asked or (lambda: _held(user, today)))
        request_or_user.who = known  # type: ignore[attr-defined]
    return known


@dataclass(frozen=True)
class _Held:
    """What a person is at the hub today."""

    role: Role
    partner: int
    second_factor: bool  # the hub asks one of that role


def _who(user: Any, membership_of: Callable[[], _Held | None]) -> Who:
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return STRANGER
    if not user.is_active:
        return STRANGER
    held = membership_of()
    if held is not None:
        return Who(user.pk, str(user), held.role, partner=held.partner, second_factor=held.second_factor)
    company = next((found for ask in _company_of if (found := ask(user.pk)) is not None), None)
    if company is not None:
        return Who(user.pk, str(user), "contact", company=company)
    return Who(user.pk, str(user), "stranger")


def current_membership(user: User, on: date) -> Membership | None:
    return _memberships(user.pk, on).select_related("partner__hub").first()


def _memberships(user: Any, on: Any) -> QuerySet[Membership]:
    """Those of a day, the one that counts first."""
    current = Q(until__isnull=True) | Q(until__gt=on)
    return Membership.objects.filter(current, user=user, since__lte=on).order_by("-since", "-pk")


# Asked at every request.
_HELD = Prepared(
    lambda: _memberships(given("user", IntegerField()), given("on", DateField())).values_list(
        "role", "partner", "partner__hub__second_factor_roles"
    )[:1]
)


def _held(user: User, on: date) -> _Held | None:
    found = _HELD.rows(user=user.pk, on=on)
    return next((_Held(role, partner, role in asked) for role, partner, asked in found), None)


def asks_second_factor(user: User) -> bool:
    """Whether the hub asks a second factor of people in that user's role.

    What was read for it stays with the user object, which lives as long as a request, for `who` to use.
    """
    held = _held(user, timezone.localdate())
    user.asked_membership = lambda: held  # type: ignore[attr-defined]
    return held is not None and held.second_factor


def actor(who: Who) -> Actor:
    """Who does something, for the journal: name and role as they are now."""
    user = None if who.user is None else User.objects.get(pk=who.user)
    return Actor(user=user, name=who.name or "?", role=who.role)

"""The table of rights, line by line, without a database; then who somebody is, with one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from capofila.consortium import access
from capofila.consortium.access import NAMED, TABLE, Denied, Facts, Who, check, may, who
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_lead, make_member, make_partner, make_user

OURS, THEIRS = 1, 2
LEAD = Who(1, "Alice", "lead-administrator", partner=OURS)
MANAGER = Who(2, "Bob", "partner-manager", partner=OURS)
CONSULTANT = Who(3, "Carla", "consultant", partner=OURS)
AUDITOR = Who(4, "Dario", "auditor", partner=OURS)
CONTACT = Who(5, "Elsa", "contact", company=7)
EVERYBODY = (LEAD, MANAGER, CONSULTANT, AUDITOR, CONTACT, access.STRANGER)
READING = {"read", "read-inputs"}
# What an auditor or a contact does that is no reading, each for a reason.
ALLOWED_TO_READERS = {("membership", "leave")}
ALLOWED_TO_CONTACTS = {("answer", "pre-fill"), ("evidence", "create"), ("progress", "create")}


def lines() -> list[tuple[str, str]]:
    return [(thing, action) for thing, actions in TABLE.items() for action in actions]


@pytest.mark.parametrize(("thing", "action"), lines())
def test_a_stranger_may_nothing(thing: str, action: str) -> None:
    served = Facts(partners=frozenset({OURS, THEIRS}), company=7, user=None)

    assert not may(access.STRANGER, action, thing, served)
    assert not may(Who(9, "Zoe", "stranger"), action, thing, Facts(user=9))


@pytest.mark.parametrize(("thing", "action"), lines())
def test_no_right_reaches_further_for_a_lower_role(thing: str, action: str) -> None:
    reach = {role: TABLE[thing][action].get(role) for role in NAMED}

    assert reach["consultant"] in (None, reach["partner-manager"])
    assert reach["partner-manager"] != "all" or reach["lead-administrator"] == "all"
    assert reach["contact"] in (None, "company") or thing == "outbox"


@pytest.mark.parametrize(("thing", "action"), lines())
def test_an_auditor_reads_everything_but_private_notes_and_writes_nothing(thing: str, action: str) -> None:
    reach = TABLE[thing][action].get("auditor")

    if action not in READING:
        assert (reach is None) or (thing, action) in ALLOWED_TO_READERS
    elif thing not in {"private-note", "api-token"}:
        assert reach == "all"
    else:
        assert reach is None


@pytest.mark.parametrize(("thing", "action"), lines())
def test_a_contact_does_nothing_but_read_pre_fill_and_show_evidence(thing: str, action: str) -> None:
    reach = TABLE[thing][action].get("contact")

    assert reach is None or action in READING or (thing, action) in ALLOWED_TO_CONTACTS


@pytest.mark.parametrize("asking", [MANAGER, CONSULTANT])
def test_members_work_with_the_companies_that_their_partner_serves_and_no_others(asking: Who) -> None:
    both, other, nobody = (Facts(partners=frozenset(ids)) for ids in ({OURS, THEIRS}, {THEIRS}, ()))

    assert [may(asking, "change", "company", facts) for facts in (both, other, nobody)] == [
        True,
        False,
        False,
    ]


def test_a_company_that_two_partners_serve_keeps_the_notes_of_each_apart() -> None:
    note = Facts(partners=frozenset({OURS, THEIRS}), partner=THEIRS)

    assert not may(CONSULTANT, "read", "company-note", note)
    assert may(LEAD, "read", "company-note", note)


def test_a_contact_reads_the_own_company_and_no_other() -> None:
    assert may(CONTACT, "read", "report", Facts(company=7))
    assert not may(CONTACT, "read", "report", Facts(company=8))
    assert not may(CONTACT, "read", "report")
    assert not may(CONTACT, "read", "private-note", Facts(company=7))


def test_having_created_something_grants_nothing() -> None:
    assert not may(CONSULTANT, "read", "company", Facts(user=CONSULTANT.user))


@pytest.mark.parametrize("asking", EVERYBODY)
def test_what_is_not_said_opens_nothing_but_what_opens_to_all(asking: Who) -> None:
    opened = {(thing, action) for thing, action in lines() if may(asking, action, thing)}

    assert opened == {line for line in lines() if TABLE[line[0]][line[1]].get(asking.role) == "all"}


def test_what_one_may_not_even_know_is_not_there_and_the_rest_is_refused() -> None:
    with pytest.raises(Denied) as unknown:
        check(CONSULTANT, "change", "company", Facts(partners=frozenset({THEIRS})))
    with pytest.raises(Denied) as known:
        check(AUDITOR, "change", "company", Facts(partners=frozenset({THEIRS})))

    assert (unknown.value.status, known.value.status) == (404, 403)


def test_a_thing_or_action_that_the_table_does_not_know_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        may(LEAD, "read", "teapot")
    with pytest.raises(KeyError):
        may(LEAD, "polish", "company")


# Who somebody is


@pytest.mark.django_db
def test_a_member_is_known_with_role_and_partner() -> None:
    member = make_member("Carla", Role.CONSULTANT)

    found = who(member.user)

    assert (found.role, found.partner, found.company, found.name) == (
        "consultant", member.partner_id, None, "Carla",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_membership_holds_from_its_day_until_the_day_before_its_end() -> None:
    today = timezone.localdate()
    member = make_member(since=today)
    roles = []
    for since, until in (
        (today, None), (today + timedelta(days=1), None), (today - timedelta(days=9), today),
        (today - timedelta(days=9), today + timedelta(days=1)),
    ):  # fmt: skip
        member.since, member.until = since, until
        member.save()
        roles.append(who(member.user).role)

    assert roles == ["consultant", "stranger", "stranger", "consultant"]


@pytest.mark.django_db
def test_a_closed_account_and_one_without_a_role_are_strangers() -> None:
    member = make_member("Carla")
    member.user.is_active = False

    assert who(member.user).role == "stranger"
    assert who(make_user("Zoe")).role == "stranger"
    assert who(AnonymousUser()).role == "stranger"


@pytest.mark.django_db
def test_a_second_factor_is_asked_of_the_roles_that_the_hub_names() -> None:
    lead = make_lead()
    lead.hub.second_factor_roles = [Role.PARTNER_MANAGER]
    lead.hub.save()
    manager, consultant = make_member("Bob", Role.PARTNER_MANAGER), make_member("Carla")

    assert access.asks_second_factor(manager.user)
    assert not access.asks_second_factor(consultant.user)
    assert not access.asks_second_factor(make_user("Zoe"))
    assert make_partner().hub == lead.hub

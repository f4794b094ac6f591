from datetime import timedelta
from typing import Any

import pytest

from capofila.accounts.models import Mail, User
from capofila.consortium import actions
from capofila.consortium.models import Hub, Invitation, Membership, Partner, Role
from capofila.consortium.tests.builders import (
    NOON,
    PASSWORD,
    hub,
    make_lead,
    make_member,
    make_partner,
    make_user,
    who_is,
)
from capofila.journal.models import Entry

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
ADDRESS = "http://localhost/join/SECRET/"


def invite(by: Membership, partner: Partner | None = None, **typed: Any) -> Invitation:
    facts = {
        "role": Role.CONSULTANT,
        "email": "carla@example.org",
        "name": "Carla",
        "language": "it",
        **typed,
    }
    at = facts.pop("at", NOON)
    return actions.invite(partner or by.partner, **facts, by=who_is(by), address=ADDRESS, at=at)


def secret_in_the_mail() -> str:
    mail = Mail.objects.order_by("pk").last()
    assert mail is not None
    return mail.text.partition("/join/")[2].partition("/")[0]


def events() -> list[str]:
    return list(Entry.objects.order_by("sequence").values_list("event", flat=True))


def test_the_hub_is_founded_once() -> None:
    first = make_lead()

    again = actions.found(hub="Other", lead_partner="Other", at=NOON)

    assert again == first
    assert (Hub.objects.count(), Partner.objects.count(), events()) == (1, 1, ["consortium.hub-founded"])


def test_an_invitation_goes_out_in_the_language_of_the_invited_with_a_link_that_is_kept_nowhere() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)

    invitation = invite(manager, language="it", role=Role.CONSULTANT)

    mail = Mail.objects.get()
    secret = secret_in_the_mail()
    assert mail.subject == "Rete Artigiana vi invita in Capofila"
    assert "come consulente" in mail.text
    assert len(secret) > 40
    assert secret not in str(vars(invitation))
    assert events()[-1] == "consortium.invited"


def test_whoever_accepts_has_the_role_from_that_day_and_signs_in_with_the_password() -> None:
    invite(make_member("Bob", Role.PARTNER_MANAGER))

    user = actions.accept(secret_in_the_mail(), password=PASSWORD, name="Carla Neri", at=NOON)

    member = Membership.objects.get(user=user)
    assert (member.role, member.partner.name, member.since) == ("consultant", "Rete Artigiana", TODAY)
    assert (user.name, user.language, user.check_password(PASSWORD)) == ("Carla Neri", "it", True)
    assert events()[-1] == "consortium.joined"


def test_an_invitation_is_accepted_once() -> None:
    invite(make_member("Bob", Role.PARTNER_MANAGER))
    secret = secret_in_the_mail()
    actions.accept(secret, password=PASSWORD, name="Carla", at=NOON)

    with pytest.raises(actions.InvitationSpent):
        actions.accept(secret, password=PASSWORD, name="Carla", at=NOON)

    assert Membership.objects.filter(role=Role.CONSULTANT).count() == 1


def test_an_invitation_that_expired_was_withdrawn_or_replaced_opens_nothing() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    first = invite(manager)
    secrets = [secret_in_the_mail()]
    second = invite(manager)
    secrets.append(secret_in_the_mail())
    actions.withdraw(second, by=who_is(manager), at=NOON)
    invite(manager)
    secrets += [secret_in_the_mail(), "nothing"]

    late = NOON + actions.INVITATION_LASTS
    for secret, at in zip(secrets, (NOON, NOON, late, NOON), strict=True):
        with pytest.raises(actions.InvitationSpent):
            actions.invited(secret, at=at)

    first.refresh_from_db()
    assert first.withdrawn_at == NOON
    assert actions.invited(secrets[2], at=late - timedelta(seconds=1)).email == "carla@example.org"


def test_who_has_a_password_keeps_it_when_accepting() -> None:
    known = make_user("Carla", password=PASSWORD)
    invite(make_member("Bob", Role.PARTNER_MANAGER))

    user = actions.accept(secret_in_the_mail(), password="another password", name="Somebody", at=NOON)

    assert user == known
    assert (user.name, user.check_password(PASSWORD)) == ("Carla", True)


def test_a_contact_who_becomes_a_member_no_longer_enters_by_link() -> None:
    make_user("Carla", by_link=True)
    invite(make_member("Bob", Role.PARTNER_MANAGER))

    user = actions.accept(secret_in_the_mail(), password=PASSWORD, name="Carla", at=NOON)

    assert not User.objects.get(pk=user.pk).enters_by_link
    assert user.check_password(PASSWORD)


def test_who_has_a_role_elsewhere_is_told_so_and_the_one_who_invites_is_not() -> None:
    carla = make_member("Carla", Role.CONSULTANT, partner=make_partner("Altra Rete"))
    invite(make_member("Bob", Role.PARTNER_MANAGER))

    with pytest.raises(actions.AlreadyMember):
        actions.accept(secret_in_the_mail(), password=PASSWORD, name="Carla", at=NOON)

    assert list(Membership.objects.filter(user=carla.user)) == [carla]
    assert Invitation.objects.get().accepted_at is None


def test_nobody_is_invited_twice_into_one_partner() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    make_member("Carla", partner=manager.partner)

    with pytest.raises(actions.AlreadyMember):
        invite(manager)

    assert not Mail.objects.exists()


@pytest.mark.parametrize("role", [Role.LEAD_ADMINISTRATOR, Role.AUDITOR])
def test_a_manager_gives_no_role_that_sees_all_partners(role: str) -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER, partner=make_lead())

    with pytest.raises(actions.RoleNotYours):
        invite(manager, role=role)


@pytest.mark.parametrize("role", [Role.LEAD_ADMINISTRATOR, Role.AUDITOR])
def test_roles_that_see_all_partners_belong_to_the_lead_partner(role: str) -> None:
    lead = make_member("Alice", Role.LEAD_ADMINISTRATOR)

    with pytest.raises(actions.OnlyAtTheLead):
        invite(lead, make_partner(), role=role)


def test_a_new_role_is_a_new_row_and_the_old_one_stays() -> None:
    manager, carla = make_member("Bob", Role.PARTNER_MANAGER), make_member("Carla")

    changed = actions.change_role(carla, role=Role.PARTNER_MANAGER, by=who_is(manager), on=TODAY)

    rows = Membership.objects.filter(user=carla.user).order_by("pk")
    assert [(row.role, row.since, row.until) for row in rows] == [
        ("consultant", carla.since, TODAY),
        ("partner-manager", TODAY, None),
    ]
    entry = Entry.objects.get(event="consortium.role-changed", about_id=str(changed.pk))
    assert entry.facts == {"before": "consultant", "after": "partner-manager", "partner": carla.partner_id}


def test_a_manager_takes_no_role_from_a_lead_administrator() -> None:
    lead = make_member("Alice", Role.LEAD_ADMINISTRATOR)
    manager = make_member("Bob", Role.PARTNER_MANAGER, partner=lead.partner)

    with pytest.raises(actions.RoleNotYours):
        actions.change_role(lead, role=Role.CONSULTANT, by=who_is(manager), on=TODAY)
    with pytest.raises(actions.RoleNotYours):
        actions.end(lead, by=who_is(manager), on=TODAY)


def test_whose_membership_ends_is_a_stranger_from_that_moment() -> None:
    manager, carla = make_member("Bob", Role.PARTNER_MANAGER), make_member("Carla")

    actions.end(carla, by=who_is(manager), on=TODAY)

    assert who_is(carla).role == "stranger"
    assert events()[-1] == "consortium.membership-ended"


def test_somebody_leaves_and_the_journal_keeps_the_role_they_had() -> None:
    carla = make_member("Carla")

    actions.leave(carla, by=who_is(carla), on=TODAY)

    entry = Entry.objects.select_related("person").get(event="consortium.left")
    assert (entry.person.name, entry.person.role) == ("Carla", "consultant")
    assert who_is(carla).role == "stranger"


def test_the_last_lead_administrator_stays() -> None:
    alice = make_member("Alice", Role.LEAD_ADMINISTRATOR)
    for act in (
        lambda: actions.leave(alice, by=who_is(alice), on=TODAY),
        lambda: actions.end(alice, by=who_is(alice), on=TODAY),
        lambda: actions.change_role(alice, role=Role.CONSULTANT, by=who_is(alice), on=TODAY),
    ):
        with pytest.raises(actions.LastAdministrator):
            act()

    make_member("Anna", Role.LEAD_ADMINISTRATOR)
    actions.leave(alice, by=who_is(alice), on=TODAY)

    assert who_is(alice).role == "stranger"


def test_partners_are_added_and_renamed_under_names_of_their_own() -> None:
    alice = make_member("Alice", Role.LEAD_ADMINISTRATOR)
    added = actions.add_partner(hub(), name="Rete Artigiana", by=who_is(alice), at=NOON)

    actions.rename_partner(added, name="Rete degli Artigiani", by=who_is(alice))
    with pytest.raises(actions.PartnerExists):
        actions.add_partner(hub(), name="Rete degli Artigiani", by=who_is(alice), at=NOON)
    with pytest.raises(actions.PartnerExists):
        actions.rename_partner(added, name=alice.partner.name, by=who_is(alice))

    assert events()[-2:] == ["consortium.partner-added", "consortium.partner-renamed"]


def test_who_must_have_a_second_factor_is_journalled_with_what_held_before() -> None:
    alice = make_member("Alice", Role.LEAD_ADMINISTRATOR)

    actions.ask_second_factor(hub(), ["auditor", "contact"], by=who_is(alice))
    actions.ask_second_factor(hub(), ["auditor"], by=who_is(alice))

    entry = Entry.objects.get(event="consortium.second-factor-asked")
    assert hub().second_factor_roles == ["auditor"]
    assert entry.facts == {"before": [], "after": ["auditor"]}

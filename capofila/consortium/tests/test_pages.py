"""The pages of the hub: what they show, what they send, how few statements they need."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from capofila.accounts.models import Mail, User
from capofila.consortium import actions
from capofila.consortium.models import Hub, Invitation, Membership, Partner, Role
from capofila.consortium.tests.builders import (
    PASSWORD,
    make_lead,
    make_member,
    make_partner,
    make_user,
    who_is,
)

pytestmark = pytest.mark.django_db


def signed_in(member: Membership) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(member.user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def join_address() -> str:
    mail = Mail.objects.order_by("pk").last()
    assert mail is not None
    return str(re.findall(r"http://localhost(/join/\S+)", mail.text)[0])


def test_partners_are_listed_the_lead_first_with_people_counted_where_one_may_know() -> None:
    make_lead("Zeta")
    manager = make_member("Bob", Role.PARTNER_MANAGER, partner=make_partner("Alfa"))
    make_partner("Beta")

    shown = page(signed_in(manager), "/partners/")

    assert shown.index("Zeta") < shown.index("Alfa") < shown.index("Beta")
    assert re.search(r'<a href="/partners/\d+/">Alfa</a>', shown)
    assert not re.search(r"<a [^>]*>Beta</a>", shown)
    assert "Add a partner" not in shown


@pytest.mark.parametrize(("address", "queries"), [("/partners/", 5), ("/partners/{pk}/", 6), ("/hub/", 4)])
def test_pages_ask_the_database_little(address: str, queries: int, django_assert_num_queries: Any) -> None:
    lead = make_member("Alice", Role.LEAD_ADMINISTRATOR)
    for number in range(4):
        make_member(f"Carla{number}", partner=lead.partner)
        make_partner(f"Partner {number}")
    client = signed_in(lead)

    with django_assert_num_queries(queries):
        client.get(address.format(pk=lead.partner_id))


def test_a_manager_invites_and_the_invited_signs_in_and_sees_the_own_partner() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    typed = {"name": "Carla Neri", "email": "carla@example.org", "language": "it", "role": "consultant"}
    sent = signed_in(manager).post(f"/partners/{manager.partner_id}/invite/", typed)
    client = Client(HTTP_HOST="localhost")

    shown = page(client, join_address())
    client.post(join_address(), {"name": "Carla Neri", "password": PASSWORD})
    client.post("/account/sign-in/", {"login": "carla@example.org", "password": PASSWORD})

    assert sent.status_code == 302
    assert "Rete Artigiana" in shown
    assert "Carla Neri" in page(client, f"/partners/{manager.partner_id}/")


def test_accepting_signs_nobody_in() -> None:
    """Who could read somebody's mail once must still sign in, with what that needs."""
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    make_user("Carla", password=PASSWORD)
    actions.invite(
        manager.partner, role=Role.CONSULTANT, email="carla@example.org", name="Carla", language="it",
        by=who_is(manager), address="http://localhost/join/SECRET/", at=timezone.now(),
    )  # fmt: skip
    client = Client(HTTP_HOST="localhost")

    client.post(join_address())

    assert "_auth_user_id" not in client.session
    assert Membership.objects.filter(user__email="carla@example.org").exists()


@pytest.mark.parametrize(
    "typed", [{"name": "Carla", "password": "short"}, {"name": "", "password": PASSWORD}, {}]
)
def test_a_weak_password_or_no_name_is_not_accepted(typed: dict[str, str]) -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    signed_in(manager).post(
        f"/partners/{manager.partner_id}/invite/",
        {"name": "Carla", "email": "carla@example.org", "language": "it", "role": "consultant"},
    )

    response = Client(HTTP_HOST="localhost").post(join_address(), typed)

    assert response.status_code == 422
    assert not User.objects.filter(email="carla@example.org").exists()


def test_an_invitation_that_no_longer_holds_says_so() -> None:
    response = Client(HTTP_HOST="localhost").get("/join/nothing/", headers={"accept-language": "en"})

    assert response.status_code == 410
    assert "accepted or withdrawn, or is too old" in response.content.decode()


def test_roles_that_one_may_not_give_are_not_offered_and_not_taken() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    client = signed_in(manager)
    address = f"/partners/{manager.partner_id}/invite/"

    shown = page(client, address)
    typed = {"name": "Zoe", "email": "zoe@example.org", "language": "it", "role": "lead-administrator"}
    response = client.post(address, typed)

    assert "lead-administrator" not in shown
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_a_role_is_changed_and_a_membership_ended_from_the_partners_page() -> None:
    manager, carla = make_member("Bob", Role.PARTNER_MANAGER), make_member("Carla")
    client = signed_in(manager)

    client.post(f"/people/{carla.pk}/role/", {"role": "partner-manager"})
    changed = Membership.objects.get(user=carla.user, until=None)
    asked = page(client, f"/people/{changed.pk}/end/")
    client.post(f"/people/{changed.pk}/end/")

    assert changed.role == Role.PARTNER_MANAGER
    assert "Does Carla no longer work for Rete Artigiana?" in asked
    assert not Membership.objects.filter(user=carla.user, until=None).exists()
    assert page(client, f"/people/{changed.pk}/end/", 404)


def test_the_last_administrator_is_told_why_leaving_does_not_work() -> None:
    alice = make_member("Alice", Role.LEAD_ADMINISTRATOR)

    response = signed_in(alice).post("/people/leave/", headers={"accept-language": "en"})

    assert response.status_code == 409
    assert "This is the only lead administrator" in response.content.decode()


def test_leaving_signs_out() -> None:
    carla = make_member("Carla")
    client = signed_in(carla)

    response = client.post("/people/leave/")

    assert response["Location"] == "/account/sign-in/"
    assert "_auth_user_id" not in client.session


def test_the_hub_asks_a_second_factor_of_a_role_and_from_then_on_nothing_opens_without() -> None:
    alice = make_member("Alice", Role.LEAD_ADMINISTRATOR)
    client = signed_in(alice)

    client.post("/hub/", {"roles": ["lead-administrator"]})

    assert Hub.objects.get().second_factor_roles == ["lead-administrator"]
    assert client.get("/partners/")["Location"] == "/account/second-factor/"
    assert signed_in(make_member("Carla")).get("/partners/").status_code == 200


def test_a_partner_is_added_renamed_and_not_twice() -> None:
    client = signed_in(make_member("Alice", Role.LEAD_ADMINISTRATOR))

    added = client.post("/partners/add/", {"name": "Rete Nuova"})
    again = client.post("/partners/add/", {"name": "Rete Nuova"})
    partner = Partner.objects.get(name="Rete Nuova")
    client.post(f"/partners/{partner.pk}/rename/", {"name": "Rete Rinnovata"})

    assert (added.status_code, again.status_code) == (302, 422)
    assert Partner.objects.get(pk=partner.pk).name == "Rete Rinnovata"


def test_an_invitation_is_withdrawn_with_a_button() -> None:
    manager = make_member("Bob", Role.PARTNER_MANAGER)
    client = signed_in(manager)
    client.post(
        f"/partners/{manager.partner_id}/invite/",
        {"name": "Carla", "email": "carla@example.org", "language": "it", "role": "consultant"},
    )

    shown = page(client, f"/partners/{manager.partner_id}/")
    client.post(f"/invitations/{Invitation.objects.get().pk}/withdraw/")

    assert "Withdraw the invitation of Carla" in shown
    assert Invitation.objects.get().withdrawn_at is not None


def test_the_command_founds_the_hub_and_invites_its_first_administrator(capsys: Any) -> None:
    call_command(
        "invite_administrator", "alice@example.org", "--name", "Alice", "--address", "http://localhost",
        "--hub", "Polo Nuovo", "--lead-partner", "Officina",
    )  # fmt: skip
    Client(HTTP_HOST="localhost").post(join_address(), {"name": "Alice", "password": PASSWORD})

    member = Membership.objects.get()
    assert (member.role, member.partner.name, Hub.objects.get().name) == (
        "lead-administrator", "Officina", "Polo Nuovo",
    )  # fmt: skip
    with pytest.raises(CommandError):
        call_command("invite_administrator", "alice", "--name", "Alice", "--address", "http://localhost")

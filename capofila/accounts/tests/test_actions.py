from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from capofila.accounts import actions
from capofila.accounts.models import EntryLink, User
from capofila.accounts.tests.builders import NOON, make_user

pytestmark = pytest.mark.django_db


def test_a_user_is_known_by_the_email_address_however_it_is_written() -> None:
    User.objects.create_user("Alice@example.org", "a long secret", name="Alice")

    found = User.objects.get_by_natural_key("alice@EXAMPLE.org")

    assert str(found) == "Alice"
    assert found.check_password("a long secret")


def test_one_email_address_is_one_user() -> None:
    User.objects.create_user("alice@example.org")

    with pytest.raises(ValidationError):
        User.objects.create_user("ALICE@example.org")


def test_a_user_without_a_password_cannot_sign_in_with_any() -> None:
    alice = User.objects.create_user("alice@example.org")

    assert not alice.has_usable_password()
    assert not alice.is_superuser


def test_something_that_is_no_email_address_is_refused() -> None:
    with pytest.raises(ValidationError):
        User.objects.create_user("alice")


def test_a_link_lets_in_once_and_until_it_expires() -> None:
    user = make_user("Contact", by_link=True)
    secret, late = actions.make_link(user, at=NOON), actions.make_link(user, at=NOON)

    entered = actions.use_link(secret, at=NOON)

    assert (entered.user, entered.used_at) == (user, NOON)
    with pytest.raises(actions.LinkSpent):
        actions.use_link(secret, at=NOON)
    with pytest.raises(actions.LinkSpent):
        actions.use_link(late, at=NOON + actions.LINK_LASTS)
    assert actions.use_link(late, at=NOON + actions.LINK_LASTS - timedelta(seconds=1)).user == user


def test_the_secret_of_a_link_is_kept_nowhere() -> None:
    secret = actions.make_link(make_user("Contact", by_link=True), at=NOON)

    assert secret not in str(EntryLink.objects.values().get())


def test_a_link_of_somebody_who_may_no_longer_enter_by_link_opens_nothing() -> None:
    user = make_user("Contact", by_link=True)
    secret = actions.make_link(user, at=NOON)
    User.objects.update(enters_by_link=False)

    with pytest.raises(actions.LinkSpent):
        actions.use_link(secret, at=NOON)


def test_who_has_a_password_enters_by_no_link() -> None:
    with pytest.raises(ValueError, match="second factor"):
        actions.make_link(make_user(), at=NOON)


@pytest.mark.parametrize("goes_to", ["https://example.com/", "//example.com/", "/\\example.com", ""])
def test_a_link_leads_to_a_page_of_ours(goes_to: str) -> None:
    with pytest.raises(ValueError, match="page of ours"):
        actions.make_link(make_user("Contact", by_link=True), at=NOON, goes_to=goes_to)

import pytest
from django.core.exceptions import ValidationError

from capofila.accounts.models import User

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

"""People for tests."""

from datetime import UTC, datetime

from capofila.accounts.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "a ladder in the orchard"


def make_user(name: str = "Alice", *, password: str | None = PASSWORD, by_link: bool = False) -> User:
    """Somebody with a password, or a contact who enters by link."""
    email = f"{name.lower()}@example.org"
    return User.objects.create_user(email, None if by_link else password, name=name, enters_by_link=by_link)

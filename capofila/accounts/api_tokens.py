"""Tokens with which a program speaks for a person: shown once, kept as a checksum, valid until a day.

What the program may do is what the person may; a token to read does not write.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from capofila.accounts import actions
from capofila.accounts.models import ApiToken, User
from capofila.lib.problems import Problem, gettext_noop

PREFIX = "capofila_"
LONGEST_DAYS = 366


class TokenFacts(Problem):
    """A token needs a name, and does not last for ever."""


def create(user: User, *, name: str, scope: str, days: int, at: datetime) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can be told again. Raises `TokenFacts`."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable() or not 1 <= days <= LONGEST_DAYS:
        raise TokenFacts(
            "api-token.facts",
            gettext_noop("Give the token a name of at most 100 characters, and 1 to {most} days."),
            most=LONGEST_DAYS,
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        digest=digest(secret),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    actions.tell_change(user, "token", at=at, to=user.email)
    return token, secret


def valid(secret: str, *, at: datetime) -> ApiToken | None:
    """The token of this secret, with its user, while it lasts."""
    if not secret.startswith(PREFIX):
        return None
    found = ApiToken.objects.select_related("user").filter(digest=digest(secret), revoked_at=None)
    return found.filter(expires_at__gt=at, user__is_active=True).first()


def revoke(user: User, pk: int, *, at: datetime) -> bool:
    """End one of the person's own tokens; whether there is such a token. Ended already, it stays so."""
    own = ApiToken.objects.filter(pk=pk, user=user)
    own.filter(revoked_at=None).update(revoked_at=at)
    return own.exists()


def digest(secret: str) -> str:
    """A secret of 32 random bytes needs no slow checksum."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""For whom a second factor is asked. Accounts know no roles: the room that does gives the rule."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from capofila.accounts.models import User

Rule = Callable[[User], bool]
_rules: list[Rule] = []


def asked_by(rule: Rule) -> None:
    """Called once, when the room that knows roles is ready."""
    _rules[:] = [rule]


def require_mfa(user: User) -> bool:
    """Whether this person must have a second factor before anything else opens."""
    return any(rule(user) for rule in _rules)


def has_one(user: User) -> bool:
    """A code app or a passkey; recovery codes alone are none."""
    return bool(is_mfa_enabled(user, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))

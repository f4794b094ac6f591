"""What is done with accounts: make a link that lets somebody in, use it, keep a person's language."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from capofila.accounts import mail
from capofila.accounts.models import EntryLink, User
from capofila.lib.problems import Problem, gettext_noop

LINK_LASTS = timedelta(days=7)


class LinkSpent(Problem):
    """The link was used, is too old, or never was one; which of these is nobody's business."""

    status = 410


def digest(secret: str) -> str:
    """What we keep of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(user: User, *, at: datetime, goes_to: str = "/", lasts: timedelta = LINK_LASTS) -> str:
    """The secret of a new link for somebody who enters by link; earlier links stay good until they expire."""
    if not user.enters_by_link:
        raise ValueError("Only who has no password enters by link: it would pass by the second factor.")
    if not goes_to.startswith("/") or goes_to.startswith(("//", "/\\")):
        raise ValueError(f"A link leads to a page of ours, not to {goes_to!r}.")
    secret = secrets.token_urlsafe(32)
    EntryLink.objects.create(
        user=user, digest=digest(secret), goes_to=goes_to, created_at=at, expires_at=at + lasts
    )
    return secret


def use_link(secret: str, *, at: datetime) -> EntryLink:
    """Take a link for good. Raises `LinkSpent`; of two who use it at once, one gets in."""
    usable = EntryLink.objects.filter(
        digest=digest(secret),
        used_at__isnull=True,
        expires_at__gt=at,
        user__is_active=True,
        user__enters_by_link=True,
    )
    if usable.update(used_at=at) != 1:
        raise LinkSpent(
            "accounts.link-spent",
            gettext_noop("This link was used before, or is too old. Ask for a new one: it comes by e-mail."),
        )
    return EntryLink.objects.select_related("user").get(digest=digest(secret))


@transaction.atomic
def send_link(email: str, *, address: str, language: str, at: datetime) -> None:
    """Send a link to a contact's address; to any other a mail that says there is none.

    Either way one mail is written, so that neither the answer nor its time tells who exists. `address` is
    a page's full address with SECRET in the secret's place.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True, enters_by_link=True).first()
    if user is None:
        mail.write("accounts/mail/no-link", to=email.strip(), language=language, at=at)
        return
    secret = make_link(user, at=at)
    mail.write(
        "accounts/mail/link",
        to=user.email,
        language=user.language,
        at=at,
        name=user.name,
        address=address.replace("SECRET", secret),
        days=LINK_LASTS.days,
    )


def tell_change(user: User, change: str, *, at: datetime, to: str) -> None:
    """Tell somebody what changed in the account, so that a change that was not theirs is noticed."""
    mail.write(
        "accounts/mail/changed", to=to, language=user.language, at=at, change=change, now=user.email, when=at
    )


def keep_language(user: User, language: str) -> None:
    User.objects.filter(pk=user.pk).update(language=language)

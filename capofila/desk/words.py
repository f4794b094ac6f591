"""The language of the page, and the names of roles in it, those included that are no membership."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from capofila.consortium.access import Who
from capofila.consortium.models import Role


def language() -> str:
    """Of those that we have words in."""
    code = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def role_name(who: Who) -> str:
    if who.role == "contact":
        return _("company contact")
    if who.role == "stranger":
        return _("without a role")
    return str(Role(who.role).label)

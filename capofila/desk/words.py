"""Names of roles in the language of the page, those included that are no membership."""

from django.utils.translation import gettext as _

from capofila.consortium.access import Who
from capofila.consortium.models import Role


def role_name(who: Who) -> str:
    if who.role == "contact":
        return _("company contact")
    if who.role == "stranger":
        return _("without a role")
    return str(Role(who.role).label)

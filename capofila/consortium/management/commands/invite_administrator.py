"""The first person of a hub: found it where it is not there yet, and invite a lead administrator."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from capofila.consortium import actions
from capofila.consortium.models import Role
from capofila.lib.problems import Problem


class Command(BaseCommand):
    help = "Invite a lead administrator by e-mail; the first time, found the hub."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="name and surname")
        parser.add_argument(
            "--address", required=True, help="where the pages are, such as https://hub.example.org"
        )
        parser.add_argument("--hub", default="Digital innovation hub", help="name of the hub, the first time")
        parser.add_argument(
            "--lead-partner", default="Lead partner", help="name of the lead partner, the first time"
        )
        parser.add_argument(
            "--language", choices=list(dict(settings.LANGUAGES)), default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']} is no e-mail address.", returncode=2) from None
        now = timezone.now()
        lead = actions.found(hub=options["hub"], lead_partner=options["lead_partner"], at=now)
        page = reverse("consortium:join", args=["SECRET"])
        try:
            actions.invite(
                lead,
                role=Role.LEAD_ADMINISTRATOR,
                email=options["email"],
                name=options["name"],
                language=options["language"],
                by=None,
                address=options["address"].rstrip("/") + page,
                at=now,
            )
        except Problem as problem:
            raise CommandError(str(problem), returncode=2) from None
        self.stdout.write(f"The invitation to {lead.name} is in the queue; `capofila serve` sends it.")

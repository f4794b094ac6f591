"""`capofila openapi`: the schema of the API, as it is committed in docs/openapi.json."""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints the schema of the API (OpenAPI, JSON). Committed as docs/openapi.json."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django wants it)

    def handle(self, *args: Any, **options: Any) -> None:
        from capofila.api import schema_text  # noqa: PLC0415 (ninja is slow to import)

        self.stdout.write(schema_text(), ending="")

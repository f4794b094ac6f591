"""Print the table of rights as its page of the documentation: `capofila document_access > docs/access.md`."""

from typing import Any

from django.core.management.base import BaseCommand

from capofila.consortium.access_page import page


class Command(BaseCommand):
    help = "Print who may do what, as docs/access.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")

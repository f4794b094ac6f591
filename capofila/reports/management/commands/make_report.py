"""Make the report of one assessment; what pages start in the background."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from capofila.assessments.models import Assessment
from capofila.lib.problems import Problem, Refused
from capofila.reports import actions


class Command(BaseCommand):
    help = "Make the report of an assessment in one language and keep it."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own way of saying it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", type=int)
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="it")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = Assessment.objects.select_related("company").filter(pk=options["assessment"]).first()
        if assessment is None:
            raise CommandError(f"There is no assessment {options['assessment']}.")
        try:
            report = actions.make(assessment, options["language"], at=timezone.now())
        except (Problem, Refused) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(str(report.file))

"""The room as Django knows it."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "capofila.companies"

    def ready(self) -> None:
        """Rights are told in an earlier room, which cannot know contacts: it is told here of whom each is."""
        from capofila.accounts import waiting  # noqa: PLC0415 (models are there only now)
        from capofila.companies import import_tasks, queries  # noqa: PLC0415
        from capofila.consortium import access  # noqa: PLC0415

        access.contacts_are_told_by(queries.company_of_user)
        waiting.when_a_worker_begins(import_tasks.queue_unfinished)

"""The room as Django knows it."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "capofila.assessments"

    def ready(self) -> None:
        """A worker that begins looks whether a quarter's benchmark is missing."""
        from capofila.accounts import waiting  # noqa: PLC0415 (models are there only now)
        from capofila.assessments import benchmark_tasks  # noqa: PLC0415

        waiting.when_a_worker_begins(benchmark_tasks.queue_due)

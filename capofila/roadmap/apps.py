"""The room as Django knows it."""

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "capofila.roadmap"

    def ready(self) -> None:
        """A worker that begins looks for versions whose plan is not proven yet."""
        from capofila.accounts import waiting  # noqa: PLC0415 (models are there only now)
        from capofila.roadmap import proving  # noqa: PLC0415

        waiting.when_a_worker_begins(proving.queue_unproven)

"""The room as Django knows it."""

from django.apps import AppConfig


class ConsortiumConfig(AppConfig):
    name = "capofila.consortium"

    def ready(self) -> None:
        """Accounts cannot know roles: this room says for whom a second factor is asked."""
        from capofila.accounts import second_factor  # noqa: PLC0415 (models are there only now)
        from capofila.consortium import access  # noqa: PLC0415

        second_factor.asked_by(access.asks_second_factor)

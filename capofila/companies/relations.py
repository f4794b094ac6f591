"""Whatever points to a row, found in the models of all rooms, those to come too."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, Model

from capofila.journal import append_only


def pointing_to(model: type[Model]) -> Iterator["ForeignKey[Any, Any]"]:
    """Every foreign key to a model, its own ones too."""
    for found in model._meta.get_fields(include_hidden=True):
        if found.auto_created and not found.concrete and (found.one_to_many or found.one_to_one):
            field = getattr(found, "field", None)
            assert isinstance(field, ForeignKey)
            yield field


def is_only_added(model: type[Model]) -> bool:
    """Whether the rows of a model may never be changed, so that they stay with what they were written for."""
    return any(declared is model for declared, _ in append_only.declared())


def name_of(field: "ForeignKey[Any, Any]") -> str:
    """What a person calls the rows that a foreign key belongs to."""
    return str(field.model._meta.verbose_name)

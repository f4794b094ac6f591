"""The half of the map of the rooms that the import linter cannot see: tables and templates."""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

from django.apps import apps

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "capofila"


def rooms() -> list[str]:
    """Earliest first, as .importlinter draws them; rooms side by side keep that order."""
    linter = ConfigParser()
    linter.read(ROOT / ".importlinter")
    layers = linter["importlinter:contract:rooms"]["layers"]
    return list(reversed(re.findall(r"\w+", layers)))


ROOMS = rooms()


def relations() -> Iterator[tuple[str, str, Any]]:
    """Room of the model, room of the other model, and the field, for every relation between our rooms."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            other = field.related_model
            if isinstance(other, type) and {model._meta.app_label, other._meta.app_label} <= set(ROOMS):
                yield model._meta.app_label, other._meta.app_label, field


def test_foreign_keys_point_to_the_same_or_an_earlier_room() -> None:
    found = [(here, there, field) for here, there, field in relations() if field.concrete]
    backwards = [str(field) for here, there, field in found if ROOMS.index(there) > ROOMS.index(here)]

    assert found
    assert backwards == []


def test_a_row_of_an_earlier_room_has_no_hidden_door_to_a_later_one() -> None:
    doors = [
        str(field)
        for here, there, field in relations()
        if field.auto_created and not field.concrete and not field.hidden and here != there
    ]

    assert doors == []


def test_templates_use_only_templates_and_pages_of_the_same_or_an_earlier_room() -> None:
    used = re.compile(r"""{%-?\s*(?:extends|include)\s+["'](\w+)/|{%-?\s*url\s+["'](\w+):""")
    backwards = [
        f"{template.relative_to(ROOT)}: {room}"
        for template in PACKAGE.glob("*/templates/**/*.html")
        for room in (found[0] or found[1] for found in used.findall(template.read_text(encoding="utf-8")))
        if ROOMS.index(room) > ROOMS.index(template.relative_to(PACKAGE).parts[0])
    ]

    assert backwards == []


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    found = [
        str(template.relative_to(ROOT))
        for template in PACKAGE.glob("*/templates/**/*.html")
        if inline.search(template.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_room_with_tables_is_on_the_map() -> None:
    assert {config.label for config in apps.get_app_configs() if config.name.startswith("capofila.")} <= set(
        ROOMS
    )

"""Which program, questionnaires, actions and sentences a report was made with, as checksums.

They decide how a report looks as much as its data do: a newer program makes a report anew, and one that
was frozen can be made again, byte by byte, by a program whose checksums are the same.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from capofila import __version__
from capofila import settings as package
from capofila.instruments import library as instruments
from capofila.roadmap import library as actions

WRITES_REPORTS = (
    "assessments",
    "companies",
    "instruments",
    "lib",
    "reports",
    "roadmap",
)  # rooms whose files show in it

RENDERERS = ("typst", "python-docx", "Pillow", "font-source-sans-pro", "font-source-serif-pro", "highspy")


def versions(names: Iterable[str]) -> dict[str, Any]:
    """`names`: of the questionnaires that were answered. Raises `Problem` for one that is not known."""
    listed = sorted(set(names))
    return {
        "capofila": __version__,
        "libraries": _libraries(),
        "program": program(),
        "instruments": {name: _instrument(name) for name in listed},
        "actions": {name: _actions(name) for name in listed if actions.find(name) is not None},
        "report_texts": _sum(package.PACKAGE / "reports" / "data"),
    }


@lru_cache(maxsize=1)
def _libraries() -> dict[str, str]:
    return {name: metadata.version(name) for name in RENDERERS}


@lru_cache(maxsize=16)
def _instrument(name: str) -> dict[str, str]:
    return {"version": instruments.load(name).version, "sha256": _sum(instruments.find(name))}


@lru_cache(maxsize=16)
def _actions(name: str) -> dict[str, str]:
    folder = actions.find(name)
    return {"version": actions.load(name).version, "sha256": "" if folder is None else _sum(folder)}


@lru_cache(maxsize=1)
def program() -> str:
    """A checksum of the files that decide how a report looks."""
    digest = hashlib.sha256()
    for room in WRITES_REPORTS:
        for file in sorted((package.PACKAGE / room).rglob("*")):
            if file.suffix in {".py", ".yaml", ".typ", ".css"} and "tests" not in file.parts:
                digest.update(str(file.relative_to(package.PACKAGE)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _sum(folder: Path) -> str:
    """Of the YAML files of a folder, by name."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.yaml")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()

"""The six font files that pages use, straight from the packages that bring them: no copy of ours."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

FOLDER = "web/fonts"
FILES = {
    f"{FOLDER}/{path.name}": path
    for path in (
        Path(package.font_files_ttf[family + style])
        for package, family in (
            (font_source_sans_pro, "SourceSansPro"),
            (font_source_serif_pro, "SourceSerifPro"),
        )
        for style in ("", "It", "Semibold")
    )
}


class FontStorage(FileSystemStorage):
    """Knows where each of the six files lies."""

    def path(self, name: str) -> str:
        return str(FILES[name])


class FontsFinder(BaseFinder):
    """Offers the fonts to `{% static %}` and to whitenoise as if they lay in `web/fonts/`."""

    storage = FontStorage()

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(FILES[path])] if path in FILES else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        return ((name, self.storage) for name in FILES)

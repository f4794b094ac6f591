"""How many pages a PDF of ours has."""

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def count(pdf: bytes) -> int:
    """Page objects in the file; typst writes them in the open or in compressed object streams."""
    found = len(_PAGE.findall(pdf))
    if found:
        return found
    return sum(len(_PAGE.findall(_inflated(stream))) for stream in _STREAM.findall(pdf))


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""

"""An upload that is too large is refused before it is read."""

from typing import IO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from capofila.files.actions import LARGEST

LARGEST_REQUEST = LARGEST + 1_000_000  # bytes; the facts that come along need little


class LimitedUpload(FileUploadHandler):
    """Stands before Django's own handlers, and only looks at the length that was announced."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 (as Django calls it)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig(f"The request has {content_length} bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from capofila.files.contents import THUMBNAIL, UnknownType, recognised, thumbnail
from capofila.files.tests.builders import packed, phone_picture, picture, word_document

ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("HEIF", (64, 64)), "image/jpeg"),
        (b"%PDF-1.7\n...", "application/pdf"),
        (word_document(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (packed(first=("mimetype", ODT)), ODT),
        ("perché no\r\n".encode(), "text/plain"),
    ],
)
def test_a_type_is_told_by_content(data: bytes, type_: str) -> None:
    assert recognised(data).type == type_


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\x00",
        b"MZ\x90\x00",
        b"plain\x00not",
        packed("setup.exe"),
        word_document("word/vbaProject.bin"),
        packed("Basic/Standard/Module1.xml", first=("mimetype", ODT)),
        packed(first=("mimetype", "application/x-evil")),
        b"PK\x03\x04broken",
        picture()[:100],
        picture("HEIF", (64, 64))[:300],
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40,
        b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40,
        picture("GIF"),
        "\ufeff\x1b[31m".encode(),
    ],
)
def test_what_is_not_known_has_macros_or_is_broken_is_not_kept(data: bytes) -> None:
    with pytest.raises(UnknownType):
        recognised(data)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_is_kept_upright_and_without_where_it_was_taken(format_: str) -> None:
    sent = phone_picture(format_)
    assert b"A phone" in sent

    kept = recognised(sent).data

    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (20, 40)
        assert not opened.getexif()
    assert b"A phone" not in kept
    assert b"Exif" not in kept


def test_what_hides_behind_a_picture_is_dropped() -> None:
    assert b"<script>" not in recognised(picture() + b"<script>alert(1)</script>").data


def test_a_comment_inside_a_picture_is_dropped() -> None:
    assert b"via Roma 1" not in recognised(picture(comment=b"via Roma 1")).data


def test_a_transparent_drawing_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "PNG", transparency=0)

    with Image.open(io.BytesIO(recognised(out.getvalue()).data)) as opened:
        assert opened.mode == "RGBA"
        assert opened.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_small_file_that_would_unfold_into_a_giant_picture_is_refused() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")

    with pytest.raises(UnknownType):
        recognised(bomb)


def test_a_thumbnail_is_a_small_jpeg() -> None:
    with Image.open(io.BytesIO(thumbnail(recognised(picture("PNG", (900, 300))).data))) as small:
        assert (small.format, small.size) == ("JPEG", (THUMBNAIL, 64))


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"]))
def test_any_bytes_are_told_or_refused(data: bytes, start: bytes) -> None:
    with suppress(UnknownType):
        assert recognised(start + data).type

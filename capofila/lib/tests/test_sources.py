"""JSON and YAML files: what is read, how it is typed, what is refused."""

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib import sources
from capofila.lib.problems import Problem
from capofila.lib.sources import Node, Text
from capofila.lib.tests.refusals import refused_codes


def read(path: Path, data: bytes | str) -> Node:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return sources.read_tree(path)


def value(node: Node, key: str) -> Node:
    assert node.mapping is not None
    return node.mapping[key]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    json = read(tmp_path / "a.json", b'\xef\xbb\xbf{\r\n"a": 3\r\n}')
    yaml = read(tmp_path / "a.yaml", b"\xef\xbb\xbfa: 3\r\nb: 4\r\n")

    assert value(json, "a").integer == 3
    assert (value(yaml, "a").integer, value(yaml, "b").line) == (3, 2)


def test_yaml_scalars_stay_the_text_that_was_written(tmp_path: Path) -> None:
    tree = read(tmp_path / "a.yaml", "on: NO\nvat: 01234567890\nyes: 1.10\nday: 2026-03-01\n")

    assert {key: node.value for key, node in (tree.mapping or {}).items()} == {
        "on": "NO", "vat": "01234567890", "yes": "1.10", "day": "2026-03-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "integer"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3e0", 3),
        ("30e-1", 3),
        ("2.5", None),
        ("true", None),
        ('"3"', None),
        ("null", None),
    ],
)
def test_a_json_number_is_whole_when_its_value_is(tmp_path: Path, written: str, integer: int | None) -> None:
    assert value(read(tmp_path / "a.json", f'{{"a": {written}}}'), "a").integer == integer


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", 3), (" 3.0 ", 3), ("+3", 3), ("-.5", Decimal("-0.5")), ("3.", 3), ("", None), (".", None),
        ("--3", None), ("+-3", None), ("1e3", None), ("3,5", None), ("1_000", None), ("nan", None),
        ("Infinity", None), ("\u0663", None), ("\u00b3", None), ("9" * 41, None),
    ],
)  # fmt: skip
def test_a_text_is_a_number_when_it_is_written_in_digits(written: str, number: Decimal | int | None) -> None:
    assert Node(Text(written)).number == number


def test_what_is_not_finite_is_no_number() -> None:
    assert Node(Decimal("inf")).integer is None
    assert Node(Decimal("nan")).number is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)), ("2026-02-29", None), ("20260301", None), ("2026-W09-1", None),
        ("2026-3-1", None), ("0000-01-01", None), ("2026-03-01T00:00", None), ("2026-03-01\n", None),
    ],
)  # fmt: skip
def test_a_day_is_written_year_month_day(written: str, day: date | None) -> None:
    assert Node(Text(written)).day == day


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b" \r\n\t", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b'{"a": "M\xe4rz"}', "file.not-utf-8"),
        ('{"a": 1}'.encode("utf-16"), "file.not-utf-8"),
        (b'{"a": 1', "file.not-json"),
        (b"a: 1", "file.not-json"),
        (b'{"a": NaN}', "file.number"),
        (b'{"a": -Infinity}', "file.number"),
        (b'{"a": 1e999999999}', "file.number"),
        (b'{"a": 1e-99999999999999999999}', "file.number"),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "file.number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "file.not-json"),
        (b'{"a": "\\ud800"}', "file.not-json"),
        (b'{"\\udfff": 1}', "file.not-json"),
        (b'{"a": "\x00"}', "file.not-json"),
        (b"[" * 100_000, "file.too-deep"),
        (b'{"a":' * 100_000, "file.too-deep"),
        (b'{"a": 1, "a": 2}', "file.duplicate-key"),
        (b'{"a": {"b": 1, "b": 1}}', "file.duplicate-key"),
    ],
)
def test_a_json_file_that_could_mislead_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused_codes(lambda: read(tmp_path / "a.json", data)) == [code]


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "file.duplicate-key"),
        ("a: {b: 1, b: 1}\n", "file.duplicate-key"),
        ("a: &x 1\nb: *x\n", "file.alias"),
        ("a: &x {b: *x}\n", "file.alias"),
        ("a: {<<: {b: 1}, [1]: 2}\n", "file.key"),
        ("a: 1\n---\nb: 2\n", "file.two-documents"),
        ("[" * 100_000, "file.too-deep"),
        ("- " * 1000 + "x", "file.too-deep"),
        ("a: [1\n", "file.not-yaml"),
        ("a: 'x\n", "file.not-yaml"),
        ("\tb: 1\n", "file.not-yaml"),
        ("a: \x00\n", "file.not-yaml"),
        ("%YAML 9.9\n---\na: 1", "file.not-yaml"),
    ],
)
def test_a_yaml_file_that_could_mislead_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert code in refused_codes(lambda: read(tmp_path / "a.yaml", text))


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    begun = time.perf_counter()

    codes = refused_codes(lambda: read(tmp_path / "a.yaml", BILLION_LAUGHS))

    assert codes == ["file.alias"] * 90
    assert time.perf_counter() - begun < 1


def test_a_yaml_tag_makes_nothing(tmp_path: Path) -> None:
    tree = read(tmp_path / "a.yaml", "a: !!python/object/apply:os.system [false]\n")

    assert [item.text for item in value(tree, "a").items or []] == ["false"]


def test_the_line_of_a_byte_that_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        read(tmp_path / "a.json", b'{\n"a":\n"\xff"}')

    assert str(refused.value.at) == f"{tmp_path / 'a.json'}:3"


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    assert refused_codes(lambda: sources.read_tree(path)) == ["file.too-large"]


def test_a_file_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.symlink_to("/dev/zero")

    assert refused_codes(lambda: sources.read_tree(path)) == ["file.too-large"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.txt", "file.kind"),
        ("a", "file.kind"),
        ("a.json", "file.not-found"),
        ("x" * 300 + ".json", "file.unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, code: str) -> None:
    assert refused_codes(lambda: sources.read_tree(tmp_path / name)) == [code]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()

    assert refused_codes(lambda: sources.read_tree(tmp_path / "a.json")) == ["file.unreadable"]


@given(
    st.text(
        alphabet=st.sampled_from("ab:-?*&!|>'\"%@`{}[],#~ \n\t<=.01") | st.characters(codec="utf-8"),
        max_size=60,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_yaml_tree_or_a_problem(text: str) -> None:
    try:
        tree = sources.parse_yaml(text, "a.yaml", [])
    except Problem:
        return

    assert isinstance(tree, Node)


@given(
    st.text(
        alphabet=st.sampled_from('ab{}[]:,"\\u0d8e+-. \ntrufalsn') | st.characters(codec="utf-8"), max_size=60
    )
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_json_tree_or_a_problem(text: str) -> None:
    try:
        tree = sources.parse_json(text, "a.json", [])
    except Problem:
        return

    assert isinstance(tree, Node)
    assert isinstance(tree.shown(), str)

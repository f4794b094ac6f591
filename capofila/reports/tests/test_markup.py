import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib.document import Block, Bullets, Inline, Paragraph, Run
from capofila.reports.rules.markup import LONGEST, parse, write

SIGNS = [
    *("*", "**", "***", "\\", "\n", "\n\n", "- ", "1. ", " ", "<b>", "&amp;", "\x00", "\x1b", "é "),
    *string.ascii_letters[:4],
]
BOLD, ITALIC = Run("b", strong=True), Run("i", emphasis=True)


@pytest.mark.parametrize(
    ("typed", "blocks"),
    [
        ("", ()),
        (" \r\n\r\n ", ()),
        ("One.", (Paragraph("One."),)),
        ("One\nline.\r\n\r\nTwo.", (Paragraph("One line."), Paragraph("Two."))),
        ("a **b** c", (Paragraph((Run("a "), BOLD, Run(" c"))),)),
        ("**b***i*", (Paragraph((BOLD, ITALIC)),)),
        ("***x***", (Paragraph((Run("x", strong=True, emphasis=True),)),)),
        ("3 * 4 * 5 ** 2", (Paragraph("3 * 4 * 5 ** 2"),)),
        ("**half", (Paragraph("**half"),)),
        (r"\*not so\*", (Paragraph("*not so*"),)),
        ("- one\n- *i*\n  goes on", (Bullets(("one", (ITALIC, Run(" goes on")))),)),
        ("Before:\n- one\n\n- two", (Paragraph("Before:"), Bullets(("one",)), Bullets(("two",)))),
        ("1. one\n2. two", (Bullets(("one", "two"), ordered=True),)),
        ("- one\n1. two", (Bullets(("one",)), Bullets(("two",), ordered=True))),
        (r"\- no item", (Paragraph("- no item"),)),
        ("-no item", (Paragraph("-no item"),)),
        (r"12\. dicembre", (Paragraph("12. dicembre"),)),
        (
            "<script>alert(1)</script> [a](javascript:b) # c",
            (Paragraph("<script>alert(1)</script> [a](javascript:b) # c"),),
        ),
        ("nul\x00 bell\x07 \ud800end", (Paragraph("nul bell end"),)),
    ],
)
def test_what_is_typed_becomes_blocks(typed: str, blocks: tuple[object, ...]) -> None:
    assert parse(typed) == blocks


def pieces(inline: Inline) -> list[Run]:
    return [Run(inline)] if isinstance(inline, str) else [Run(p) if isinstance(p, str) else p for p in inline]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=60).map("".join))
def test_whatever_is_typed_gives_only_text_set_apart_and_reads_the_same_again(typed: str) -> None:
    blocks = parse(typed)

    for block in blocks:
        assert isinstance(block, Paragraph | Bullets)
        for inline in [block.text] if isinstance(block, Paragraph) else block.items:
            for run in pieces(inline):
                assert run.link is None
                assert run.text.replace(" ", "").isprintable()
    again = parse(write(blocks))
    assert write(again) == write(blocks)
    assert [type(block) for block in again] == [type(block) for block in blocks]
    assert said(again) == said(blocks)


def said(blocks: object) -> list[list[tuple[str, bool, bool]]]:
    """Letters with how they are set, a list for each paragraph or item."""
    found = []
    for block in blocks:  # type: ignore[attr-defined]
        for inline in [block.text] if isinstance(block, Paragraph) else block.items:
            runs = pieces(inline)
            found.append(
                [(sign, run.strong, run.emphasis) for run in runs for sign in run.text if not sign.isspace()]
            )
    return found


def test_a_text_of_the_report_is_written_as_it_would_be_typed() -> None:
    own: list[Block] = [
        Paragraph([Run("So ", strong=True), "and 3 * 4 ", Run("x", link="area.str")], "lead"),
        Paragraph("1. is no list, nor is a"),
        Bullets(["one", "two"], ordered=True),
    ]

    assert write(own) == "**So** and 3 \\* 4 x\n\n1\\. is no list, nor is a\n\n1. one\n2. two"
    assert write(parse(write(own))) == write(own)


@pytest.mark.parametrize("piece", ["*", "**", "\\", "*a ", "**a b", "- \n", "a\\*", "***a*** "])
def test_the_longest_text_is_read(piece: str) -> None:
    assert parse(piece * (LONGEST // len(piece))) is not None

"""The PDF of a document: valid, the same every time, and showing exactly the text it was given."""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import page as validator
import pikepdf
import pypdfium2
import pytest

from capofila.lib import charts
from capofila.lib.document import (
    Aside,
    Attachment,
    BigFigure,
    Block,
    Bullets,
    Callout,
    Chapter,
    Column,
    Contents,
    Cover,
    Document,
    Entries,
    Entry,
    Figure,
    Heading,
    Inline,
    Labels,
    Paragraph,
    Run,
    Step,
    Steps,
    Table,
    TextBlock,
    Together,
)
from capofila.lib.render import pdf, setting

MILLIMETRE = 72 / 25.4
LOCALE = charts.Locale(number=lambda value: f"{value:.2f}".replace(".", ","), decimal=",")
BANDS = charts.Bands((1, 1.8, 2.6, 3.4, 4.2, 5))
ROWS = [charts.BarRow("01", "Strategia", 2.93, 2.7, (2.4, 3.1)), charts.BarRow("03", "Produzione", 2.79)]
SENTENCE = "Il programma della settimana è su un foglio condiviso, che il capo reparto aggiorna ogni sera. "
HOSTILE = (
    '<b>x</b> #import "a" *s* _e_ @ref $x^2$ \\u{41} [a](b) `raw` -- --- ~ /* c */ // d <label> = h'
    " {% url %} {{ x }} &amp; %PDF"
)


# Documents to render


def make_document(
    blocks: Sequence[Block] = (),
    *,
    chapters: Sequence[Chapter] | None = None,
    language: str = "it",
    title: str = "Rapporto",
    cover: Cover | None = None,
    attachments: Sequence[Attachment] = (),
) -> Document:
    words = {
        "it": Labels("{page} di {pages}", "Indice", "non si applica"),
        "en": Labels("{page} of {pages}", "Contents", "does not apply"),
    }
    return Document(
        title=title,
        author="Polo Adda",
        language=language,
        foot="Rossi S.r.l. · 25 giugno 2025",
        labels=words[language],
        chapters=[Chapter("one", "Uno", blocks)] if chapters is None else chapters,
        cover=cover,
        stamp=date(2025, 6, 25),
        attachments=attachments,
    )


def make_cover(title: str = "Rossi S.r.l.") -> Cover:
    columns = [charts.CoverColumn(f"{at:02}", 2.5, 3.0) for at in range(1, 11)]
    chart = charts.cover(columns, alt="Dieci colonne")
    return Cover("Polo Adda", "25 giugno 2025", title, "Dove siete", chart, "Dieci colonne", ("Da 1 a 5.",))


def make_entry(number: int) -> Entry:
    return Entry(
        code=f"{number // 14 + 1}.{number % 14 + 1:02}",
        title="Il programma di produzione",
        question="Come si decide quale lavoro si fa, quando e su quale macchina?",
        level=None if number % 17 == 3 else number % 5 + 1,
        mark="non si applica" if number % 17 == 3 else "",
        answer=SENTENCE + "Il mattino alle otto lo stampa per tutte le postazioni.",
        details=("Nota: lo schermo sta dietro la pressa.",) if number % 3 == 0 else (),
    )


def every_block() -> list[Block]:
    scale = charts.band_scale(2.63, BANDS, alt="2,63 su 5", locale=LOCALE)
    bars = charts.bars(ROWS, alt="Due aree", locale=LOCALE)
    table = Table(
        [Column("", 8), Column("Passo", 80), Column("Spesa, €", 20, figures=True)],
        [["1", [Run("Inventario", strong=True), "\nLe copie si fanno."], "4 800"], ["2", "Fermi", "6 500"]],
        "I primi passi",
        foot=["", "Tutti", "11 300"],
        emphasis=1,
    )
    return [
        Contents(2),
        Paragraph("In breve.", "lead"),
        Aside(
            [BigFigure("2,63", scale, "2,63 su 5", "Fascia intermedia", ("140 risposte su 140.",))],
            [Paragraph([SENTENCE, Run("Si veda", emphasis=True), " ", Run("qui", link="why"), "."])],
        ),
        Heading("Perché", key="why"),
        Heading("Una ragione", 3),
        TextBlock("one.why", [Paragraph(SENTENCE), Bullets(["Uno.", ["Due, ", Run("forte", strong=True)]])]),
        Paragraph("Come si legge.", "small"),
        Figure(bars, "Due aree, la prima a 2,93", "Il tratto nero è la mediana."),
        table,
        Steps([Step(3, "Scarti", "Si registrano.", "3.02"), Step(None, "", "Non si applica.")]),
        Steps([Step(level, "", "Si fa così.") for level in range(1, 6)], compact=True),
        Callout("Da chiedere", [Bullets(["Le cause di fermo."])]),
        Callout("Una voce", [Paragraph("«Ci guardo io.»"), Paragraph("Marta", "small")], "voice"),
        Together([Heading("Insieme"), Paragraph(SENTENCE)]),
        BigFigure("–", None, "", "Non noto"),
        Entries([make_entry(number) for number in range(6)]),
    ]


def whole_document(language: str) -> Document:
    chapters = [
        Chapter("one", "Progettate bene. Riparate tardi.", every_block(), running="In una pagina"),
        Chapter("a3", "Produzione", [Paragraph(SENTENCE)], number="03", position=3),
        Chapter("road", "Due anni", [Paragraph(SENTENCE)], landscape=True),
    ]
    attachments = [
        Attachment("risposte.json", '{"è": 1}'.encode(), "application/json", "Le risposte"),
        Attachment("risposte.xlsx", bytes(range(256)), "application/octet-stream", "Le risposte in tabella"),
    ]
    return make_document(chapters=chapters, language=language, cover=make_cover(), attachments=attachments)


# Reading a PDF


def rendered(document: Document) -> bytes:
    return pdf.render(document, isolated=False)


def pages_of(made: bytes) -> list[str]:
    with pypdfium2.PdfDocument(made) as document:
        return [str(each.get_textpage().get_text_range()) for each in document]


def text_of(made: bytes) -> str:
    """All text, lines joined; a line broken at a hyphen or inside a word is whole again."""
    return "\n".join(pages_of(made)).replace("\ufffe", "-").replace("\r\n", " ")


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\r\n") if line.strip()]


def elements(made: bytes, kind: str, key: str = "/S") -> list[str]:
    """What elements of one kind in the structure tree say under `key`, in reading order."""

    def walk(node: pikepdf.Object) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for each in node:
                yield from walk(each)
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == f"/{kind}":
                yield str(node.get(key))
            if "/K" in node:
                yield from walk(node.K)

    with opened(made) as inside:
        return list(walk(inside.Root.StructTreeRoot))


def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made))


def outside_the_margins(made: bytes) -> list[str]:
    """Characters beyond the margins of 22 mm; a hyphen may hang a little."""
    found = []
    with pypdfium2.PdfDocument(made) as document:
        for each in document:
            text, right = each.get_textpage(), each.get_width() - 22 * MILLIMETRE + 2
            for at, character in enumerate(text.get_text_range()):
                left, _, end, _ = text.get_charbox(at)
                if character.isalnum() and (end > right or left < 22 * MILLIMETRE - 2):
                    found.append(character)
    return found


# Standards


@pytest.fixture(scope="module", params=["it", "en"])
def whole(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, rendered(whole_document(request.param))


@pytest.mark.parametrize("profile", ["ua1", "pdfa-3a"])
def test_a_document_with_every_block_passes_the_validator(
    whole: tuple[str, bytes], profile: str, tmp_path: Path
) -> None:
    file = tmp_path / "whole.pdf"
    file.write_bytes(whole[1])

    failures = validator.validate_pdf(str(file), profile=profile).failures

    # that one rule is wrong about streams that end in a carriage return
    assert [each for each in failures if "STREAM-LENGTH" not in each.rule_id] == []


def test_a_document_says_its_title_author_and_language(whole: tuple[str, bytes]) -> None:
    language, made = whole

    with opened(made) as inside:
        assert inside.docinfo["/Title"] == "Rapporto"
        assert inside.docinfo["/Author"] == "Polo Adda"
        assert str(inside.Root.Lang) == {"it": "it", "en": "en-GB"}[language]


def test_pages_say_which_of_how_many_they_are(whole: tuple[str, bytes]) -> None:
    language, made = whole
    pages = pages_of(made)
    of = {"it": "di", "en": "of"}[language]

    assert f"{len(pages)} {of} {len(pages)}" in pages[-1]
    assert of + f" {len(pages)}" not in pages[0]  # the cover has neither head nor foot


def test_the_same_document_is_the_same_bytes_in_any_process() -> None:
    document = whole_document("it")

    assert rendered(document) == rendered(document) == pdf.render(document)


def test_text_is_set_in_our_two_families_only(whole: tuple[str, bytes]) -> None:
    with opened(whole[1]) as inside:
        fonts = {
            str(each.BaseFont).split("+")[1].split("-")[0]
            for each in inside.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
        }

    assert fonts == {"SourceSansPro", "SourceSerifPro"}


# Finding one's way


def test_bookmarks_name_chapters_and_their_headings(whole: tuple[str, bytes]) -> None:
    with pypdfium2.PdfDocument(whole[1]) as document:
        marks = [(mark.level, mark.get_title()) for mark in document.get_toc()]

    assert (0, "Progettate bene. Riparate tardi.") in marks
    assert (1, "Perché") in marks
    assert (2, "Una ragione") in marks
    assert (0, "03 Produzione") in marks


def test_pages_are_labelled_with_the_number_they_show(whole: tuple[str, bytes]) -> None:
    with pypdfium2.PdfDocument(whole[1]) as document:
        labels = [document.get_page_label(at) for at in range(len(document))]

    assert labels[1:] == [str(number) for number in range(2, len(labels) + 1)]


def test_a_link_leads_to_the_chapter_it_names() -> None:
    chapters = [
        Chapter("one", "Uno", [Paragraph(["Si veda ", Run("la seconda parte", link="two b/#")])]),
        Chapter("two b/#", "Due", []),
    ]

    with opened(rendered(make_document(chapters=chapters))) as inside:
        (link,) = inside.pages[0].obj.Annots.as_list()
        targets = pikepdf.NameTree(inside.Root.Names.Dests)
        (page, *_) = targets[str(link.Dest if "/Dest" in link else link.A.D)].as_list()

        assert page.objgen == inside.pages[1].obj.objgen


def test_the_contents_list_chapters_with_their_pages() -> None:
    chapters = [
        Chapter("contents", "Indice", [Contents()], in_contents=False),
        Chapter("a1", "Strategia", [], number="01", position=1),
        Chapter("a2", "Produzione", [], number="02", position=2),
    ]
    made = rendered(make_document(chapters=chapters))
    lines = lines_of(pages_of(made)[0])

    assert [line for line in lines if line.startswith("0")] == ["01 Strategia 2", "02 Produzione 3"]
    assert len(elements(made, "TOCI")) == 2


@pytest.mark.parametrize("key", ["nowhere", ""])
def test_a_link_to_nowhere_is_the_composers_mistake(key: str) -> None:
    with pytest.raises(ValueError, match="links to no chapter or heading"):
        rendered(make_document([Aside([Paragraph([Run("qui", link=key)])], [])]))


def test_a_key_used_twice_is_the_composers_mistake() -> None:
    with pytest.raises(ValueError, match="keys used twice"):
        rendered(make_document([Heading("Due", key="one")]))


# For somebody who cannot see it


def test_headings_are_headings_and_never_skip_a_level(whole: tuple[str, bytes]) -> None:
    levels = {kind: elements(whole[1], kind, "/T") for kind in ("H1", "H2", "H3")}

    assert levels["H1"] == ["Progettate bene. Riparate tardi.", "03 Produzione", "Due anni"]
    assert {"Perché", "Insieme"} <= set(levels["H2"])
    assert levels["H3"] == ["Una ragione"]


def test_tables_have_header_cells_a_foot_and_a_name(whole: tuple[str, bytes]) -> None:
    counts = {kind: len(elements(whole[1], kind)) for kind in ("Table", "THead", "TH", "TFoot", "TR")}

    assert counts == {"Table": 1, "THead": 1, "TH": 3, "TFoot": 1, "TR": 4}
    assert "I primi passi" in text_of(whole[1])  # in the tags and not to be seen


def test_pictures_say_what_they_show_and_decoration_is_silent(whole: tuple[str, bytes]) -> None:
    alternatives = elements(whole[1], "Figure", "/Alt")

    assert alternatives == ["Dieci colonne", "2,63 su 5", "Due aree, la prima a 2,93"]


def test_what_is_empty_does_not_stop_a_document() -> None:
    chart = charts.cover([], alt="")
    blocks: list[Block] = [
        Bullets([]),
        Steps([]),
        Entries([]),
        Aside([], []),
        Together([]),
        TextBlock("x", []),
    ]
    blocks += [Heading(""), Paragraph(""), Paragraph([]), Callout("", []), Callout("", [], "voice")]
    blocks += [BigFigure("", None, "", ""), Figure(chart, ""), Steps([Step(None, "", "")])]
    blocks += [Table([Column("")], [], ""), Entries([Entry("", "", "", None, "", "")])]
    cover = Cover("", "", "", "", None, "")
    document = make_document(
        blocks, title="\x00", cover=cover, attachments=[Attachment("a", b"", "text/plain", "")]
    )

    assert len(pages_of(rendered(document))) > 1


# Text is text


def test_hostile_text_is_printed_as_it_is() -> None:
    cells = [[HOSTILE]]
    blocks: list[Block] = [
        *(Paragraph(HOSTILE), Paragraph([Run(HOSTILE, strong=True)]), Heading(HOSTILE), Bullets([HOSTILE])),
        *(Table([Column(HOSTILE)], cells, HOSTILE), Callout(HOSTILE, []), Steps([Step(1, "", HOSTILE)])),
        Entries([Entry("1", "t", HOSTILE, 1, "", HOSTILE, [HOSTILE])]),
    ]
    text = text_of(rendered(make_document(blocks, title=HOSTILE)))

    assert text.replace(" ", "").count(HOSTILE.replace(" ", "")) == 11  # a table's name is in the text too


def test_control_characters_disappear_and_lines_stay_lines() -> None:
    (words,) = [setting.clean("a\x00\x07\x1b[31mb\u202e\u2066c\u200b\ufeff\r\nd\u2028e\tf\x85g")]

    assert words == "a[31mbc\nd\ne f\ng"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("e\u0301", "é"),  # composed
        ("\u2460 \u33a5", "1 m3"),  # what it is made of
        ("tre\u2011due", "tre-due"),
        ("5\u202f000 €", "5\u202f000 €"),
        ("Ελλάδα, Україна, Košice", "Ελλάδα, Україна, Košice"),
        ("日本 \U0001f44d\U0001f3fd", "\ufffd\ufffd \ufffd"),
    ],
)
def test_a_character_that_no_font_has_becomes_the_sign_for_that(given: str, shown: str) -> None:
    assert setting.clean(given) == shown


def test_characters_that_no_font_has_do_not_stop_a_document() -> None:
    chart = charts.bars([charts.BarRow("01", "日本", 2.0)], alt="日本", locale=LOCALE)

    text = text_of(rendered(make_document([Paragraph("日 \ue000"), Figure(chart, "日本")], title="日本")))

    assert "\ufffd \ufffd" in text


@pytest.mark.parametrize(
    "word", ["w" * 300, "Donaudampfschifffahrts" * 14, "https://example.org/" + "a/b.c-" * 45]
)
def test_words_of_three_hundred_letters_break_inside_the_page(word: str) -> None:
    columns = [Column(word, 10), Column("b", 30), Column(word, 12, figures=True)]
    entry = Entry(word, word, word, None, word, word, [word])
    blocks: list[Block] = [
        *(Paragraph(word), Paragraph(word, "lead"), Paragraph(word, "small"), Heading(word), Bullets([word])),
        Aside([Paragraph(word), BigFigure("2", None, "", word, [word])], [Paragraph(word), Heading(word, 3)]),
        Table(columns, [[word, word, word]], "x", foot=[word, "", word]),
        *(Steps([Step(1, word, word, "1")]), Callout(word, [Paragraph(word)]), Callout(word, [], "voice")),
        *(Entries([entry]), Figure(charts.comb(1), "x", word, 40)),
    ]
    chapters = [
        Chapter("one", word, blocks),
        Chapter("two", word, [Contents(2)], number="02", position=2),
    ]
    made = rendered(make_document(chapters=chapters, cover=make_cover(word)))

    assert outside_the_margins(made) == []
    assert word in text_of(made).replace(" ", "")


def test_a_note_of_five_thousand_characters_flows_over_pages_whole() -> None:
    note = " ".join(f"parola{number}" for number in range(420))
    blocks: list[Block] = [
        Aside([Paragraph(note)], [Paragraph("breve")]),
        Callout("T", [Paragraph(note), Paragraph(note)]),
        Together([Paragraph(note), Paragraph(note)]),
        Table([Column("a"), Column("b")], [["x", note]], "x"),
        Entries([Entry("1", "t", "q", 1, "", note, [note])]),
        Steps([Step(1, "", note * 2)]),
    ]
    for block in blocks:
        made = rendered(make_document([Paragraph(SENTENCE * 12), block]))

        text = text_of(made)
        assert all(f"parola{number}" in text for number in range(420))
        assert len(pages_of(made)) > 1


# Pages


def test_heads_of_a_long_table_repeat_and_its_foot_comes_once() -> None:
    rows = [[f"riga {number}", "uno\ndue\ntre", "1 000"] for number in range(60)]
    columns = [Column("Intestazione"), Column("Testo"), Column("€", 1, figures=True)]
    pages = pages_of(rendered(make_document([Table(columns, rows, "Lunga", foot=["Somma", "", "60 000"])])))

    assert len(pages) >= 4
    assert all("Intestazione" in page for page in pages)
    assert [page.count("Somma") for page in pages] == [0] * (len(pages) - 1) + [1]
    assert all(page.count("uno") == page.count("tre") == page.count("riga") for page in pages)


def test_a_long_table_leaves_no_few_rows_alone_on_its_last_page() -> None:
    few = []

    for count in range(46, 54):  # about a page of them
        rows: list[list[Inline]] = [[f"riga-{number}", "a"] for number in range(count)]
        table = Table([Column("Prima"), Column("Seconda")], rows, "x", dense=True)
        *_, last = pages_of(rendered(make_document([table])))
        few.append(sum(f"riga-{number}" in last.split() for number in range(count)))

    assert min(few) >= 6
    assert max(few) > 46  # closer rows have made room on one page


def test_no_heading_is_the_last_line_of_a_page() -> None:
    blocks: list[Block] = []
    for number in range(60):
        text = Paragraph(SENTENCE * (1 + number * 7 % 5))
        table = Table([Column("a")], [["x"], ["y"]], "t")
        inside: Block = Aside([Paragraph("nota")], [Heading(f"Dentro {number}", 3), text])
        follows: list[list[Block]] = [[text], [table], [inside]]
        blocks += [Heading(f"Titolo {number}"), *follows[number % 3]]
    pages = pages_of(rendered(make_document(blocks)))

    assert len(pages) > 5
    for page in pages:
        *_, last = (line for line in lines_of(page) if not line.startswith(("Rossi", "nota")))
        assert not last.startswith(("Titolo", "Dentro"))


def test_blocks_together_are_on_one_page() -> None:
    group = Together([Heading("Inizio"), *[Paragraph(SENTENCE * 3)] * 6, Paragraph("Fine")])
    pages = pages_of(rendered(make_document([Paragraph(SENTENCE * 4)] + [group] * 7)))

    assert len(pages) > 2
    assert all(page.count("Inizio") == page.count("Fine") for page in pages)


def test_a_hundred_and_forty_answers_fill_at_most_sixteen_pages() -> None:
    entries = Entries([make_entry(number) for number in range(140)])
    pages = pages_of(rendered(make_document([entries])))

    assert 10 <= len(pages) <= 16
    assert all(page.count("Come si decide") == page.count("tutte le postazioni") for page in pages)


def test_a_company_name_of_two_hundred_letters_fits_the_cover() -> None:
    name = ("Officine Meccaniche e Carpenterie Fratelli Bergamaschi-Montefiori " * 4)[:199]
    made = rendered(make_document(cover=make_cover(name)))

    assert len(pages_of(made)) == 2
    assert outside_the_margins(made) == []


def test_a_landscape_chapter_lies_on_its_side(whole: tuple[str, bytes]) -> None:
    with pypdfium2.PdfDocument(whole[1]) as document:
        sizes = [each.get_size() for each in document]

    assert [width > height for width, height in sizes] == [False] * (len(sizes) - 1) + [True]


def test_a_figure_is_never_larger_than_its_place() -> None:
    tall = charts.Chart(charts.comb(1).svg, 100, 900)

    assert len(pages_of(rendered(make_document([Figure(tall, "alta", "come si legge", 166)])))) <= 2


# What travels with it


def test_attachments_are_inside_with_what_they_are() -> None:
    made = rendered(whole_document("it"))

    with opened(made) as inside:
        files = inside.attachments
        assert files["risposte.json"].get_file().read_bytes() == '{"è": 1}'.encode()
        assert files["risposte.xlsx"].get_file().read_bytes() == bytes(range(256))
        assert files["risposte.json"].get_file().mime_type == "application/json"
        assert files["risposte.json"].description == "Le risposte"
        assert str(files["risposte.json"].obj.AFRelationship) == "/Source"


def test_what_the_template_reads_is_plain_json() -> None:
    tree = pdf.tree(whole_document("it"))

    assert json.loads(json.dumps(tree)) == tree

"""Nothing on a page is left untranslated, and the compiled catalogue is the written one."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation import templatize

PACKAGE = Path(__file__).parent.parent.parent
CATALOGUE = PACKAGE / "locale" / "it" / "LC_MESSAGES" / "django.po"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext"}
ACTIONS = {  # what people do, and what may be said of it
    "access.py", "actions.py", "api.py", "api_tokens.py", "contents.py", "entries.py", "evidence.py",
    "receiving.py", "import_file.py", "import_row.py", "import_verdict.py", "importing.py", "merging.py",
    "people.py", "prefill.py", "tables.py", "handing_over.py",
}  # fmt: skip
CHECKED = {"answers.py", "answers_file.py", "checking.py", "entries.py", "sheet.py"}  # files and entries
CHECKED |= {"group_file.py"}
ACTIONS |= CHECKED
ACTIONS |= {  # of companies, their groups and lists; the reasons of a size class too
    "company_api.py", "company_rights.py", "group.py", "group_actions.py", "group_merging.py",
    "group_upload.py", "group_words.py", "import_cells.py", "import_entering.py", "import_tasks.py",
    "import_undoing.py", "partners.py", "public.py", "size_data.py", "status.py", "ties.py",
}  # fmt: skip
ACTIONS |= {"comparing.py", "comparison_api.py", "proposals_api.py"}
ACTIONS |= {
    "next_version.py",
    "pins.py",
    "raising.py",
    "text_edits.py",
}  # of roadmaps, of the texts of a report
IN_TEMPLATES = re.compile(r"\b(?:n?gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")


def sentences_of_code(file: Path) -> Iterator[str]:
    """Texts marked for translation; of refusals, those that actions raise and so pages show.

    Refusals of files are told by commands, which speak English.
    """
    marks = MARKS | ({"gettext_noop"} if file.name in ACTIONS else set())
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _marks(node.func, marks, checks=file.name in CHECKED):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _marks(called: ast.expr, marks: set[str], *, checks: bool) -> bool:
    """A mark of translation, or a checker that says what it expected."""
    if isinstance(called, ast.Attribute):
        return checks and called.attr == "expected"
    return isinstance(called, ast.Name) and called.id in marks


def sentences_of_template(file: Path) -> Iterator[str]:
    for quoted in IN_TEMPLATES.findall(templatize(file.read_text(encoding="utf-8"))):
        yield ast.literal_eval(quoted)


@cache
def sentences() -> frozenset[str]:
    code = (file for file in PACKAGE.rglob("*.py") if "tests" not in file.parts)
    templates = PACKAGE.glob("*/templates/**/*.html")
    return frozenset(
        (
            *(found for file in code for found in sentences_of_code(file)),
            *(found for file in templates for found in sentences_of_template(file)),
        )
    )


def written() -> dict[str, list[str]]:
    """The catalogue as it is written: text -> its translations, one or one per number."""
    found: dict[str, list[str]] = {}
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n"):
        lines = re.findall(r'^(msgid|msgstr(?:\[\d\])?) "(.*)"$', block, re.MULTILINE)
        texts = [(key, text.replace('\\"', '"')) for key, text in lines]
        if texts and texts[0][1]:
            found[texts[0][1]] = [text for key, text in texts[1:]]
    return found


def test_the_search_for_sentences_finds_code_and_templates() -> None:
    found = sentences()

    assert {"Companies", "Save and finish", "answer at level 1", "%(count)s employee"} <= found
    assert "{name} is in the registry with the VAT number {vat}. Open that company instead." in found


def test_every_sentence_of_the_pages_is_in_italian() -> None:
    assert sorted(sentences() - set(written())) == []
    assert [text for text, translations in written().items() if not all(translations)] == []


def test_the_catalogue_holds_nothing_that_no_page_says() -> None:
    assert sorted(set(written()) - sentences()) == []


def test_translations_keep_every_fact_of_the_sentence() -> None:
    place = re.compile(r"%\(\w+\)[sd]|{\w+}")
    lost = [
        text
        for text, translations in written().items()
        if any(
            sorted(place.findall(text)) != sorted(place.findall(translated)) for translated in translations
        )
    ]

    assert lost == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    wrong = [
        text
        for text, translations in written().items()
        if [
            compiled.ngettext(text, text, n) if len(translations) > 1 else compiled.gettext(text)
            for n in (1, 2)
        ]
        != (translations if len(translations) > 1 else translations * 2)
    ]
    assert wrong == []

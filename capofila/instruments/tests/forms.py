"""XLSForm workbooks for tests, written as sheets of lines."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Sheets = Mapping[str, Sequence[Sequence[object]]]

CHOICES: Sequence[Sequence[object]] = [
    ["list_name", "name", "label::English (en)", "label::Italiano (it)", "score"],
    ["use", "none", "Not at all", "Per niente", 0],
    ["use", "some", "Here and there", "Qua e là", 50],
    ["plan", 1, "By heart", "A memoria", ""],
    ["plan", 2, "On paper", "Su carta", ""],
    ["plan", 3, "In a sheet", "In un foglio", ""],
    ["plan", 4, "In a system", "In un sistema", ""],
    ["plan", 5, "By the system", "Dal sistema", ""],
    ["way", "web", "On line", "In rete", ""],
    ["way", "post", "By post", "Per posta", ""],
]
FOREIGN: Sheets = {  # as another hub may have made it
    "survey": [
        ["type", "name", "label::English (en)", "label::Italiano (it)", "hint::English (en)",
         "relevant", "required", "constraint", "appearance", "calculation"],
        ["start", "started"],
        ["note", "welcome", "Welcome!", "Benvenuti!"],
        ["text", "firm", "Name of the firm", "Nome dell’impresa", "As registered", "", "yes"],
        ["begin_group", "orders", "Orders", "Ordini", "", "", "", "", "field-list"],
        ["note", "about_orders", "Now about orders.", "Ora gli ordini."],
        ["select_one plan", "planning", "How are orders planned?", "Come si pianificano gli ordini?"],
        ["select_multiple way", "ways", "How do orders come in?", "Come arrivano gli ordini?"],
        ["select_one use", "tablets", "Are tablets in use?", "Si usano tablet?", "", "${planning} >= 3"],
        ["integer", "staff", "How many people?", "Quante persone?", "", "", "", ". > 0"],
        ["decimal", "share", "Which share?", "Quale quota?", "",
         "${staff} > 9 and (selected(${ways}, 'web') or ${tablets} != 'none')"],
        ["end_group"],
        ["calculate", "double", "", "", "", "", "", "", "", "${staff} * 2"],
        ["geopoint", "place", "Where?", "Dove?"],
        ["date", "since", "Since when?", "", "", "${double} > 3"],
    ],
    "choices": CHOICES,
    "settings": [["form_title", "form_id", "version"], ["Orders check", "Orders Check", "2024-03"]],
}  # fmt: skip


def workbook(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append([cell if cell != "" else None for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_form(path: Path, sheets: Sheets) -> Path:
    path.write_bytes(workbook(sheets))
    return path


def form(
    *survey: Sequence[object],
    choices: Sequence[Sequence[object]] = (),
    settings: Sequence[Sequence[object]] = (),
    columns: Sequence[str] = ("type", "name", "label", "relevant"),
) -> Sheets:
    """A form of a few lines, with the columns type, name, label and relevant unless stated."""
    sheets: dict[str, Sequence[Sequence[object]]] = {"survey": [list(columns), *survey]}
    if choices:
        sheets["choices"] = [["list_name", "name", "label"], *choices]
    if settings:
        sheets["settings"] = settings
    return sheets

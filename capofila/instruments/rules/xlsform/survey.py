"""From the sheets of an XLSForm to its questions, groups and lists of choices; mistakes are named.

Nothing here knows of instruments yet. Types have one name each, whatever XLSForm calls them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from capofila.instruments.rules.xlsform.vocabulary import At, Log, Row, Sheet, flag
from capofila.lib.problems import gettext_noop, nearest

SELECTS = {
    "select_one": "select_one", "select1": "select_one", "select one": "select_one",
    "select one from": "select_one", "add select one prompt using": "select_one",
    "select_multiple": "select_multiple", "select multiple": "select_multiple",
    "select multiple from": "select_multiple", "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple", "add select multiple prompt using": "select_multiple",
}  # fmt: skip
PLAIN = {
    "integer": "integer", "int": "integer", "add integer prompt": "integer", "decimal": "decimal",
    "add decimal prompt": "decimal", "text": "text", "string": "text", "add text prompt": "text",
    "date": "date", "add date prompt": "date", "note": "note", "add note prompt": "note", "range": "decimal",
}  # fmt: skip
SELECT = re.compile(
    rf"({'|'.join(sorted(SELECTS, key=len, reverse=True))}) (\S+)( or[_ ](?:specify )?other)?"
)
BEGIN = re.compile(r"begin[_ ](group|repeat|lgroup|looped group|loop)\b.*", re.IGNORECASE)
END = re.compile(r"end[_ ](group|repeat|lgroup|looped group|loop)", re.IGNORECASE)
NAME = re.compile(r"[^\W\d][\w.-]*")
MOST = 2_000  # questions and groups
GRID = ("matrix", "scale", "tristate")  # types of ours that are a group of rows in the form


@dataclass(frozen=True)
class Choice:
    row: Row
    name: str


@dataclass(frozen=True, eq=False)
class Group:
    row: Row
    name: str
    repeat: bool = False


@dataclass(eq=False)
class Item:
    """A question of the form; of a grid the rows stand in `inner`, and its list is theirs."""

    row: Row
    name: str
    type: str  # select_one, select_multiple, integer, decimal, text, date, note, grid, other
    path: tuple[Group, ...] = ()
    choices: tuple[Choice, ...] = ()
    other: bool = False
    inner: list["Item"] = field(default_factory=list)


@dataclass
class Form:
    items: list[Item]
    groups: list[Group]
    lists: Mapping[str, tuple[Choice, ...]]


def read_form(survey: Sheet, choices: Sheet | None, log: Log) -> Form:
    """The questions in their order; everything wrong with lists and groups is in `log`."""
    lists = _lists(choices, log)
    form = _Survey(survey, lists, has_choices=choices is not None, log=log).read()
    if len(form.items) + len(form.groups) > MOST:
        log.refuse(
            "xlsform.too-many",
            gettext_noop("The form has {count} questions and groups; at most {most} are read."),
            At(survey.name),
            count=len(form.items) + len(form.groups),
            most=MOST,
        )
    return form


def _lists(sheet: Sheet | None, log: Log) -> dict[str, tuple[Choice, ...]]:
    found: dict[str, dict[str, Choice]] = {}
    if sheet is not None and sheet.rows:
        for column in ("list_name", "name"):
            if column not in sheet.columns:
                missing_column(sheet, column, log)
    for row in sheet.rows if sheet is not None else ():
        list_name, name = row["list_name"], row["name"]
        if not list_name or not name:
            if list_name or name or row.texts:
                column = "name" if list_name else "list_name"
                log.refuse(
                    "xlsform.no-name",
                    gettext_noop("A choice has no {column}; expected one."),
                    row.at(column),
                    column=column,
                )
        elif name in found.setdefault(list_name, {}):
            log.refuse(
                "xlsform.duplicate-choice",
                gettext_noop("The choice {name} stands twice in the list {list}; expected once."),
                row.at("name"),
                name=name,
                list=list_name,
            )
        else:
            found[list_name][name] = Choice(row, name)
    return {list_name: tuple(choices.values()) for list_name, choices in found.items()}


def missing_column(sheet: Sheet, column: str, log: Log) -> None:
    log.refuse(
        "xlsform.no-column",
        gettext_noop("The sheet {sheet} has no column {column}; expected one."),
        At(sheet.name, 1, column),
        sheet=sheet.name,
        column=column,
    )


class _Survey:
    def __init__(
        self, sheet: Sheet, lists: Mapping[str, tuple[Choice, ...]], *, has_choices: bool, log: Log
    ) -> None:
        self.sheet = sheet
        self.lists = lists
        self.has_choices = has_choices
        self.log = log
        self.items: list[Item] = []
        self.groups: list[Group] = []
        self.open: list[Group | Item] = []  # a grid is an item

    def read(self) -> Form:
        for column in ("type", "name"):
            if column not in self.sheet.columns:
                missing_column(self.sheet, column, self.log)
        if self.log.refused:
            return Form([], [], self.lists)
        for row in self.sheet.rows:
            self.line(row)
        for left in self.open:
            self.log.refuse(
                "xlsform.group",
                gettext_noop("The group {name} does not end; expected an end_group row."),
                left.row.at("type"),
                name=left.name,
            )
        return Form(self.items, self.groups, self.lists)

    def line(self, row: Row) -> None:
        type_ = " ".join(row["type"].split())
        if flag(row["disabled"]):
            self.log.lose(
                "xlsform.disabled",
                gettext_noop("The row is disabled and not carried: {name}."),
                row.at("disabled"),
                name=row["name"] or type_,
            )
        elif not type_:
            self.untyped(row)
        elif BEGIN.fullmatch(type_):
            self.begin(row, repeat="group" not in type_.lower() or "loop" in type_.lower())
        elif END.fullmatch(type_):
            self.end(row)
        else:
            self.question(row, type_)

    def untyped(self, row: Row) -> None:
        if row["name"] or row.spoken("label"):
            self.log.refuse(
                "xlsform.no-type",
                gettext_noop("The row {name} has no type; expected one."),
                row.at("type"),
                name=row["name"],
            )
        else:
            self.log.lose(
                "xlsform.comment",
                gettext_noop("The row has neither type nor name and is not carried."),
                row.at(),
            )

    def begin(self, row: Row, *, repeat: bool) -> None:
        name = self.name(row)
        if row["capofila_type"] in GRID:
            grid = Item(row, name, "grid", self.path())
            self.items.append(grid)
            self.open.append(grid)
        else:
            group = Group(row, name, repeat)
            self.groups.append(group)
            self.open.append(group)

    def end(self, row: Row) -> None:
        if not self.open:
            self.log.refuse(
                "xlsform.group",
                gettext_noop("The row ends a group that does not begin; expected a begin_group row."),
                row.at("type"),
            )
            return
        self.open.pop()
        for column, cell in row.cells.items():
            if column not in {"type", "name"}:
                self.log.not_carried(row.at(column), cell)

    def path(self) -> tuple[Group, ...]:
        return tuple(one for one in self.open if isinstance(one, Group))

    def name(self, row: Row) -> str:
        name = row["name"]
        if not name and row["type"] == "note":
            return f"note-{row.line}"
        if not name:
            self.log.refuse(
                "xlsform.no-name",
                gettext_noop("The {type} has no name; expected one."),
                row.at("name"),
                type=row["type"],
            )
        elif not NAME.fullmatch(name):
            self.log.refuse(
                "xlsform.name",
                gettext_noop(
                    "{name} is no name in XLSForm; expected letters, digits, dots, hyphens and underscores, "
                    "a letter first."
                ),
                row.at("name"),
                name=name,
            )
        return name

    def question(self, row: Row, type_: str) -> None:
        select = SELECT.fullmatch(type_)
        name = self.name(row)
        if select:
            choices = self.choices(row, select[2])
            kind = SELECTS[select[1]] if choices is not None else "other"
            item = Item(row, name, kind, self.path(), choices or (), other=bool(select[3]))
        else:
            kind = PLAIN.get(type_.lower(), "other")
            if type_ in SELECTS:
                self.log.refuse(
                    "xlsform.no-list",
                    gettext_noop("{name} names no list of choices; expected one, such as {type} colours."),
                    row.at("type"),
                    name=name,
                    type=type_,
                )
            if type_.lower() == "range" and "." not in row["parameters"]:
                kind = "integer"
            item = Item(row, name, kind, self.path())
        if self.open and isinstance(grid := self.open[-1], Item):
            grid.inner.append(item)
            grid.choices = grid.choices or item.choices
        else:
            self.items.append(item)

    def choices(self, row: Row, list_name: str) -> tuple[Choice, ...] | None:
        """The list a question names; None where it comes from elsewhere, such as another question."""
        if list_name in self.lists:
            return self.lists[list_name]
        if "${" in list_name or re.search(r"\.(csv|xml|geojson)$", list_name):
            return None
        at = row.at("type")
        if not self.has_choices:
            self.log.refuse(
                "xlsform.no-sheet",
                gettext_noop("The list {list} is nowhere: there is no sheet choices; expected one."),
                at,
                list=list_name,
            )
        else:
            self.unknown_list(at, list_name)
        return ()

    def unknown_list(self, at: At, list_name: str) -> None:
        meant = nearest(list_name, self.lists)
        if meant is not None:
            self.log.refuse(
                "xlsform.unknown-list",
                gettext_noop("There is no list {list} in the sheet choices; did you mean {meant}?"),
                at,
                list=list_name,
                meant=meant,
            )
        else:
            known = ", ".join(list(self.lists)[:12]) or "none"
            self.log.refuse(
                "xlsform.unknown-list",
                gettext_noop("There is no list {list} in the sheet choices; expected one of: {known}."),
                at,
                list=list_name,
                known=known,
            )

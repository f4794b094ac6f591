"""Whether the names of an XLSForm are each one thing, and its references lead somewhere and in no circle."""

from collections.abc import Iterator, Sequence

from capofila.instruments.rules.conditions import circle
from capofila.instruments.rules.xlsform import xpath
from capofila.instruments.rules.xlsform.survey import Form, Group, Item
from capofila.instruments.rules.xlsform.vocabulary import At, Log, Row
from capofila.lib.problems import gettext_noop, nearest

EXPRESSIONS = ("relevant", "calculation", "constraint", "required", "choice_filter", "default", "trigger")


def check_form(form: Form, log: Log, *, texts: bool) -> None:
    """Mistakes go to `log`; `texts`: whether texts may hold references too, as XLSForm has it."""
    _check_names(form, log)
    _check_references(form, log, texts=texts)


def _check_names(form: Form, log: Log) -> None:
    """Each question has a name of its own; groups side by side too."""
    seen: dict[str, Row] = {}
    for item in form.items:
        _once(item.name, item.row, seen, log)
    inside: dict[tuple[int, ...], dict[str, Row]] = {}
    for group in form.groups:
        if not group.row["capofila_code"]:
            path = tuple(row.line for row in _enclosing(form, group))
            _once(group.name, group.row, inside.setdefault(path, {}), log)


def _enclosing(form: Form, group: Group) -> Sequence[Row]:
    """The rows of the groups a group lies in, as far as a question in it tells."""
    for item in form.items:
        if group in item.path:
            return [outer.row for outer in item.path[: item.path.index(group)]]
    return ()


def _once(name: str, row: Row, seen: dict[str, Row], log: Log) -> None:
    if name and name in seen:
        log.refuse(
            "xlsform.duplicate-name",
            gettext_noop(
                "The name {name} stands in row {first} already; expected a name of its own for each question."
            ),
            row.at("name"),
            name=name,
            first=seen[name].line,
        )
    seen.setdefault(name, row)


def _check_references(form: Form, log: Log, *, texts: bool) -> None:
    """`${...}` leads to a question; conditions that go in a circle are named as one."""
    known = {item.name for item in _all(form.items)} | {group.name for group in form.groups}
    rows = [*(item.row for item in _all(form.items)), *(group.row for group in form.groups)]
    for row in sorted(rows, key=lambda one: one.line):
        for column, text in _expressions(row, texts):
            for name in dict.fromkeys(_references(column, text)):
                if name not in known:
                    _unknown_reference(row.at(column), name, known, log)
    looks = {item.name: _looks(item) for item in form.items}
    shown: set[frozenset[str]] = set()
    for item in form.items:
        way = circle(item.name, looks)
        if way is not None and frozenset(way) not in shown:
            shown.add(frozenset(way))
            log.refuse(
                "xlsform.circle",
                gettext_noop("The conditions go in a circle: {circle}; expected none."),
                item.row.at("relevant"),
                circle=" -> ".join(way),
            )


def _references(column: str, text: str) -> Sequence[str]:
    return xpath.references(text) if column in EXPRESSIONS else xpath.REFERENCE.findall(text)


def _unknown_reference(at: At, name: str, known: set[str], log: Log) -> None:
    meant = nearest(name, sorted(known))
    if meant is not None:
        log.refuse(
            "xlsform.reference",
            gettext_noop("The reference to {name} leads to no question; did you mean {meant}?"),
            at,
            name=name,
            meant=meant,
        )
    else:
        log.refuse(
            "xlsform.reference",
            gettext_noop("The reference to {name} leads to no question; expected the name of one."),
            at,
            name=name,
        )


def _all(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from item.inner


def _expressions(row: Row, texts: bool) -> Iterator[tuple[str, str]]:
    """Cells that may hold references: those of XLSForm, not ours."""
    for column, cell in row.cells.items():
        if not column.startswith("capofila_"):
            yield column, cell
    for column in ("label", "hint") if texts else ():
        for text in row.spoken(column).values():
            yield column, text


def _looks(item: Item) -> tuple[str, ...]:
    """The questions that its own condition and those of its groups look at."""
    rows = [item.row, *(group.row for group in item.path)]
    return tuple(name for row in rows for name in xpath.references(row["relevant"]))

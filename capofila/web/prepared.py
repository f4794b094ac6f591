"""Questions to the database that are asked at every answer: their SQL is written once, values come later.

Django takes longer to write the SQL of a query than the database to answer it. Here the query still stands
as a queryset, with `given` where a value comes, so that a rule such as who serves whom stands in one place;
from the second time on it costs what the database costs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, QuerySet

Row = tuple[Any, ...]


def given(name: str, field: "Field[Any, Any]") -> Any:
    """What stands in a queryset for the value `name`, of the type of a field; never None."""
    return _Given(name, field)


class _Given(Expression):
    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: object, connection: object) -> tuple[str, Any]:
        return "%s", [self]

    def adapted(self, value: object) -> object:
        """The value as the database's driver takes it."""
        return self.output_field.get_db_prep_value(value, connection)


@dataclass(frozen=True)
class _Written:
    sql: str
    params: Sequence[object]  # some of them `_Given`
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], object]]  # place in the row, how, of what


class Prepared:
    """A queryset of rows (`values_list`), made by `ask`."""

    def __init__(self, ask: "Callable[[], QuerySet[Any, Any]]") -> None:
        self._ask = ask
        self._known: dict[str, _Written] = {}

    def rows(self, **values: object) -> list[Row]:
        return [self.read(row) for row in self.stored(**values)]

    def stored(self, **values: object) -> list[Row]:
        """The rows as the driver gives them, for whoever reads few of many."""
        try:
            written = self._written
        except EmptyResultSet:  # Django knows that no row can fit, and asks nothing
            return []
        params: list[Any] = [
            param.adapted(values[param.name]) if isinstance(param, _Given) else param
            for param in written.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows: list[Row] = cursor.fetchall()
        return rows

    def read(self, stored: Row) -> Row:
        """One of them with the values that its fields have."""
        values = list(stored)
        for place, converters, of in self._written.converters:
            for convert in converters:
                values[place] = convert(values[place], of, connection)
        return tuple(values)

    @property
    def _written(self) -> _Written:
        return self._known.get(connection.vendor) or self._write()

    def _write(self) -> _Written:
        compiler = self._ask().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([column for column, *_ in compiler.select])
        converters = [(place, how, of) for place, (how, of) in found.items()]
        self._known[connection.vendor] = written = _Written(sql, params, converters)
        return written

"""The conditions of an XLSForm as conditions of ours; those that cannot be carried are named."""

import json
from dataclasses import dataclass, field
from typing import Literal, cast

from capofila.instruments.rules.conditions import OPERATORS
from capofila.instruments.rules.shape import Condition, Test
from capofila.instruments.rules.writing import condition_tree
from capofila.instruments.rules.xlsform import relevance, xpath
from capofila.instruments.rules.xlsform.relevance import Asked, UnknownChoiceError
from capofila.instruments.rules.xlsform.survey import Form, Item
from capofila.instruments.rules.xlsform.vocabulary import Log, Row
from capofila.instruments.rules.xlsform.xpath import NotCarriedError
from capofila.lib.problems import gettext_noop


@dataclass
class When:
    """Reads conditions in the order of the questions; `asked`: those so far, by name in the form."""

    form: Form
    log: Log
    asked: dict[str, Asked] = field(default_factory=dict)
    _of_groups: dict[int, Condition | None] = field(default_factory=dict)  # by line of the group

    def condition(self, item: Item) -> dict[str, object] | None:
        """Its own condition and those of its groups, as a file has them; None: always shown."""
        found = []
        for group in item.path:
            line = group.row.line
            if line not in self._of_groups:
                self._of_groups[line] = self.read(group.row)
            found.append(self._of_groups[line])
        conditions = [condition for condition in [*found, self.read(item.row)] if condition is not None]
        if not conditions:
            return None
        return condition_tree(conditions[0] if len(conditions) == 1 else Condition("all", tuple(conditions)))

    def read(self, row: Row) -> Condition | None:
        exact = self.exact(row)
        text = row["relevant"]
        if exact is not None or not text:
            return exact
        try:
            self.check_references(text)
            read = relevance.read_relevant(text, self.asked)
        except NotCarriedError as why:
            self.log.lose(
                "xlsform.condition",
                gettext_noop("The condition {condition} is not carried: {why}."),
                row.at("relevant"),
                why=why,
                condition=text,
            )
            return None
        except UnknownChoiceError as unknown:
            name, choice = unknown.args
            self.log.refuse(
                "xlsform.choice",
                gettext_noop("The condition looks for {choice}, which is no choice of {name}: {known}."),
                row.at("relevant"),
                choice=choice,
                name=name,
                known=", ".join(self.asked[name].choices),
            )
            return None
        if read.unanswered:
            self.log.change(
                "xlsform.unanswered",
                gettext_noop(
                    "While its question is unanswered, {condition} is false here and true in XLSForm."
                ),
                row.at("relevant"),
                condition=text,
            )
        return read.condition

    def check_references(self, text: str) -> None:
        """Raises `NotCarriedError` for a reference to what comes later or is not carried."""
        for name in xpath.references(text):
            if name in self.asked:
                continue
            kinds = {item.name: item.type for item in self.form.items}
            if kinds.get(name, "other") in {"other", "note"}:
                raise NotCarriedError(f"{name}, which it looks at, is not carried")
            raise NotCarriedError(f"{name}, which it looks at, comes later")

    def exact(self, row: Row) -> Condition | None:
        """What `capofila_shown_when` says, as long as the expression beside it says the same."""
        stated = row["capofila_shown_when"]
        if not stated:
            return None
        try:
            condition = condition_of(json.loads(stated))
            codes = {asked.code: asked for asked in self.asked.values()}
            if relevance.write_relevant(condition, codes) == row["relevant"]:
                return condition
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        self.log.not_carried(row.at("capofila_shown_when"), stated)
        return None


def condition_of(tree: object) -> Condition:
    """The condition of `writing.condition_tree`. Raises `ValueError` for anything else."""
    if not isinstance(tree, dict) or len(tree) != 1 or set(tree) - {"all", "any"}:
        raise ValueError("expected one of all and any")
    join, tests = next(iter(tree.items()))
    if not isinstance(tests, list) or not tests:
        raise ValueError("expected a list of tests")
    return Condition(cast(Literal["all", "any"], join), tuple(_test(test) for test in tests))


def _test(tree: object) -> Test | Condition:
    if not isinstance(tree, dict) or "question" not in tree:
        return condition_of(tree)
    operators = [operator for operator in OPERATORS if operator in tree]
    if len(tree) != 2 or len(operators) != 1 or not all(isinstance(value, str) for value in tree.values()):
        raise ValueError("expected a question and an operator")
    operator = cast(Literal["at_least", "at_most", "is", "includes"], operators[0])
    return Test(tree["question"], operator, tree[operator])

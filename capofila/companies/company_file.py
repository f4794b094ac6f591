"""A company file of the public contract (docs/formats.md) as a `CompanyFacts`."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from capofila.companies.rules import identifiers, size
from capofila.companies.size_data import size_rules
from capofila.lib import sources
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node

KEYS = (
    "name", "type", "vat", "tax_code", "rea", "ateco", "province", "profile", "size", "employees",
    "turnover_eur", "balance_sheet_eur", "goals", "goals_text", "statuses", "language",
)  # fmt: skip
STATUSES = ("innovative-sme", "innovative-startup", "women-led", "youth-led")
LONGEST_NAME = 300  # characters
LONGEST_GOALS = 5_000
MOST_PEOPLE = 10_000_000
MOST_CENTS = 10**15  # ten thousand billion euros


@dataclass(frozen=True)
class CompanyFacts:
    """What a company file says; None and empty where it says nothing."""

    name: str
    type: str = "sme"
    vat: str | None = None
    tax_code: str | None = None
    rea: str | None = None
    ateco: tuple[str, str] | None = None  # (version, code)
    province: str | None = None
    profile: str | None = None
    size: str | None = None
    size_is_provisional: bool = False  # from own figures, without holdings
    employees: int | None = None
    turnover_cents: int | None = None
    balance_sheet_cents: int | None = None
    goals: tuple[str, ...] = ()
    goals_text: str = ""
    statuses: dict[str, date | None] = field(default_factory=dict)
    language: str | None = None


def read(path: Path, goals: Collection[str] | None) -> CompanyFacts:
    """Raises `Problem` or `Refused`, every mistake at once.

    `goals` are the codes known; None where the caller has no use for goals and takes any.
    """
    problems: list[Problem] = []
    tree = sources.read_tree(path, problems)
    facts = _Reader(str(path), "company", problems).read(tree, goals)
    refuse_if(problems)
    return facts


def whole_cents(node: Node) -> int | None:
    """Euros with at most two decimals, as a string or a number, in whole cents; None for anything else."""
    amount = node.number if node.text is None else sources.decimal(node.text)
    cents = None if amount is None else Fraction(amount) * 100
    if cents is None or cents.denominator != 1 or not 0 <= cents <= MOST_CENTS:
        return None
    return int(cents)


class _Reader(Checker):
    def read(self, tree: Node, goals: Collection[str] | None) -> CompanyFacts:
        keys = {name: node for name, node in self.mapping(tree, KEYS, ("name",)).items() if not node.is_null}
        name = self.text(keys.get("name"), "name")
        if "name" not in keys and "name" in (tree.mapping or {}):
            self.expected("a name", tree, "name")
        if len(name) > LONGEST_NAME:
            self.expected(f"a name of at most {LONGEST_NAME} characters", keys["name"], "name")
        employees = self.count(keys.get("employees"))
        turnover = self.cents(keys.get("turnover_eur"), "turnover_eur")
        balance = self.cents(keys.get("balance_sheet_eur"), "balance_sheet_eur")
        stated, provisional = self.size(keys, employees, turnover, balance)
        return CompanyFacts(
            name=name,
            type=self.choice(keys.get("type"), "type", ("sme", "pso"), default="sme"),
            vat=self.identifier(
                keys.get("vat"), "vat", "a VAT number with a right check digit", identifiers.vat
            ),
            tax_code=self.identifier(
                keys.get("tax_code"),
                "tax_code",
                "a tax code with a right check character",
                identifiers.tax_code,
            ),
            rea=self.pattern(
                keys.get("rea"), "rea", identifiers.REA, "a province and a number such as BS-123456"
            ),
            ateco=self.ateco(keys.get("ateco")),
            province=self.pattern(
                keys.get("province"), "province", identifiers.PROVINCE, "two letters such as BS"
            ),
            profile=self.text(keys.get("profile"), "profile") or None,
            size=stated,
            size_is_provisional=provisional,
            employees=employees,
            turnover_cents=turnover,
            balance_sheet_cents=balance,
            goals=tuple(self.goals(keys.get("goals"), goals)),
            goals_text=self.goals_text(keys.get("goals_text")),
            statuses=self.statuses(keys.get("statuses")),
            language=self.text(keys.get("language"), "language") or None,
        )

    def identifier(
        self, node: Node | None, key: str, what: str, valid: Callable[[str], str | None]
    ) -> str | None:
        if node is None:
            return None
        whole = isinstance(node.value, int) and not isinstance(node.value, bool)  # JSON: a number unquoted
        found = valid(str(node.value) if whole else node.text or "")
        if found is None:
            self.expected(what, node, key, key.replace("_", "-"))
        return found

    def pattern(self, node: Node | None, key: str, pattern: re.Pattern[str], what: str) -> str | None:
        text = self.text(node, key).upper()
        if node is None or not text:
            return None
        if not pattern.fullmatch(text):
            self.expected(what, node, key)
            return None
        return text

    def ateco(self, node: Node | None) -> tuple[str, str] | None:
        if node is None:
            return None
        keys = self.mapping(node, ("version", "code"), ("version", "code"), "ateco")
        version = keys.get("version")
        stated = str(version.integer) if version is not None and version.integer is not None else None
        if stated is None and version is not None:
            stated = version.text
        if version is not None and stated not in identifiers.ATECO:
            self.expected("2007 or 2025", version, "ateco: version")
            return None
        code = self.text(keys.get("code"), "ateco: code")
        if stated is None or not code:
            return None
        if not identifiers.ATECO[stated].fullmatch(code):
            self.expected("a code such as 25.62", keys["code"], "ateco: code")
            return None
        return stated, code

    def count(self, node: Node | None) -> int | None:
        if node is None:
            return None
        if node.integer is None or not 0 <= node.integer <= MOST_PEOPLE:
            self.expected("a whole number of people", node, "employees")
            return None
        return node.integer

    def cents(self, node: Node | None, key: str) -> int | None:
        if node is None:
            return None
        cents = whole_cents(node)
        if cents is None:
            self.expected("euros with at most two decimals", node, key)
        return cents

    def size(
        self, keys: dict[str, Node], employees: int | None, turnover: int | None, balance: int | None
    ) -> tuple[str | None, bool]:
        """The size class and whether it is provisional."""
        stated = self.choice(keys.get("size"), "size", size.CLASSES, default="") or None
        if employees is None or (turnover is None and balance is None):
            return stated, False
        computed = size.size_class(
            size_rules().ceilings, staff=employees, turnover=turnover, balance_sheet=balance
        )
        if stated is not None and stated != computed:
            self.add(
                "size-disagrees",
                gettext_noop(
                    "The size is {stated}, but the figures given make it {computed}; expected one of both."
                ),
                keys["size"],
                "size",
                stated=stated,
                computed=computed,
            )
        return stated or computed, stated is None

    def goals(self, node: Node | None, known: Collection[str] | None) -> list[str]:
        found = []
        for goal, item in self.placed_codes(node, "goals"):
            if known is None or goal in known:
                found.append(goal)
            else:
                self.unknown("unknown-goal", goal, known, item, "goals")
        return found

    def goals_text(self, node: Node | None) -> str:
        text = self.text(node, "goals_text")
        if node is not None and len(text) > LONGEST_GOALS:
            self.expected(f"a text of at most {LONGEST_GOALS} characters", node, "goals_text")
        return text

    def statuses(self, node: Node | None) -> dict[str, date | None]:
        """Status -> the day it was declared; a mapping, or a list of codes or of {status, on}."""
        found: dict[str, date | None] = {}
        if node is None:
            return found
        if node.mapping is not None:
            pairs = [(code, value) for code, value in node.mapping.items()]
        else:
            pairs = [self.status_item(item) for item in self.sequence(node, "statuses")]
        for code, day in pairs:
            if code in found:
                self.add(
                    "duplicate-code",
                    gettext_noop("{code} stands twice; expected once."),
                    node,
                    "statuses",
                    code=code,
                )
            elif code not in STATUSES:
                self.unknown("unknown-status", code, STATUSES, node, "statuses")
            elif day.is_null:
                found[code] = None
            else:
                found[code] = self.day(day, joined("statuses", code))
        return found

    def status_item(self, item: Node) -> tuple[str, Node]:
        if item.mapping is None:
            return self.text(item, "statuses"), Node(None)
        keys = self.mapping(item, ("status", "on"), ("status",), "statuses")
        return self.text(keys.get("status"), "statuses"), keys.get("on", Node(None))

    def day(self, node: Node, key: str) -> date | None:
        if node.day is None:
            self.expected("a date such as 2026-03-01", node, key)
        return node.day

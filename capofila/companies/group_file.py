"""A file of enterprises, holdings and links (docs/formats.md) as `Ties`, for the SME class."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from capofila.companies.company_file import LONGEST_NAME, MOST_PEOPLE, whole_cents
from capofila.companies.rules.group import KINDS, MARKETS, WAYS, Accounts, Enterprise, Holding, Link, Ties
from capofila.lib import sources
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node

KEYS = ("subject", "on", "enterprises", "holdings", "links")
ENTERPRISE_KEYS = ("kind", "country", "accounts", "invested_eur", "budget_eur", "inhabitants")
ACCOUNTS_KEYS = ("year", "awu", "turnover_eur", "balance_sheet_eur")
HOLDING_KEYS = ("owner", "of", "capital", "votes", "since", "until")
LINK_KEYS = ("between", "by", "market", "since", "until")
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class GroupFile:
    subject: str
    on: date | None
    ties: Ties


def read(path: Path) -> GroupFile:
    """Raises `Problem` or `Refused`, every mistake at once."""
    problems: list[Problem] = []
    tree = sources.read_tree(path, problems)
    return _read(tree, str(path), problems)


def read_text(text: str, name: str) -> GroupFile:
    """Of a file that was sent; JSON or YAML by the end of its name. Raises as `read` does."""
    problems: list[Problem] = []
    parse = sources.parse_json if name.lower().endswith(".json") else sources.parse_yaml
    return _read(parse(text, name, problems), name, problems)


def _read(tree: Node, name: str, problems: list[Problem]) -> GroupFile:
    found = _GroupReader(name, "group", problems).read(tree)
    refuse_if(problems)
    return found


class _GroupReader(Checker):
    def read(self, tree: Node) -> GroupFile:
        keys = self.given(tree, KEYS, ("subject", "enterprises"))
        enterprises = self.enterprises(keys.get("enterprises"))
        holdings = [
            holding
            for at, node in enumerate(self.sequence(keys.get("holdings"), "holdings"), 1)
            if (holding := self.holding(node, f"holdings: {at}", enterprises)) is not None
        ]
        links = [
            link
            for at, node in enumerate(self.sequence(keys.get("links"), "links"), 1)
            if (link := self.link(node, f"links: {at}", enterprises)) is not None
        ]
        subject = self.enterprise_named(keys.get("subject"), "subject", enterprises)
        if subject and enterprises[subject].kind == "person":
            self.expected("an enterprise, not a person", keys["subject"], "subject")
        day = self.day(keys.get("on"), "on")
        return GroupFile(subject, day, Ties(enterprises, tuple(holdings), tuple(links)))

    def given(
        self, node: Node, known: tuple[str, ...], required: tuple[str, ...] = (), key: str | None = None
    ) -> dict[str, Node]:
        """The keys that say something; null says nothing, where a value is required too."""
        found = {}
        for name, value in self.mapping(node, known, required, key).items():
            if not value.is_null:
                found[name] = value
            elif name in required:
                self.expected("a value", value, joined(key, name))
        return found

    # Enterprises

    def enterprises(self, node: Node | None) -> dict[str, Enterprise]:
        found: dict[str, Enterprise] = {}
        if node is None:
            return found
        for name, value in self.mapping(node, key="enterprises").items():
            key = joined("enterprises", name)
            if not name.strip() or len(name) > LONGEST_NAME:
                self.expected(
                    "a name of 1 to {longest} characters",
                    Node(name, value.line),
                    "enterprises",
                    longest=LONGEST_NAME,
                )
            found[name] = Enterprise(name) if value.is_null else self.enterprise(name, value, key)
        return found

    def enterprise(self, name: str, node: Node, key: str) -> Enterprise:
        keys = self.given(node, ENTERPRISE_KEYS, key=key)
        return Enterprise(
            name=name,
            kind=self.choice(keys.get("kind"), joined(key, "kind"), tuple(KINDS), default="firm"),
            country=self.country(keys.get("country"), joined(key, "country")),
            accounts=self.accounts(keys.get("accounts"), joined(key, "accounts")),
            invested=self.cents(keys.get("invested_eur"), joined(key, "invested_eur")),
            budget=self.cents(keys.get("budget_eur"), joined(key, "budget_eur")),
            inhabitants=self.people(keys.get("inhabitants"), joined(key, "inhabitants")),
        )

    def country(self, node: Node | None, key: str) -> str:
        code = self.text(node, key, default="IT")
        if node is not None and code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            self.expected("two letters such as IT", node, key)
        return code.upper()

    def accounts(self, node: Node | None, key: str) -> tuple[Accounts, ...]:
        found: dict[int, Accounts] = {}
        for item in self.sequence(node, key):
            keys = self.given(item, ACCOUNTS_KEYS, ("year",), key)
            if "year" not in keys:
                continue
            year = keys["year"].integer
            if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
                self.expected("a year such as 2025", keys["year"], joined(key, "year"))
                continue
            if year in found:
                self.add(
                    "duplicate-year",
                    gettext_noop("The accounts of {year} stand twice; expected once."),
                    item,
                    key,
                    year=year,
                )
            at = joined(key, str(year))
            found[year] = Accounts(
                year,
                self.awu(keys.get("awu"), joined(at, "awu")),
                self.cents(keys.get("turnover_eur"), joined(at, "turnover_eur")),
                self.cents(keys.get("balance_sheet_eur"), joined(at, "balance_sheet_eur")),
            )
        return tuple(found[year] for year in sorted(found))

    def awu(self, node: Node | None, key: str) -> Fraction | None:
        if node is None:
            return None
        if node.number is None or not 0 <= node.number <= MOST_PEOPLE:
            self.expected("a number of annual work units such as 41.5", node, key)
            return None
        return Fraction(node.number)

    def people(self, node: Node | None, key: str) -> int | None:
        if node is None:
            return None
        if node.integer is None or not 0 <= node.integer <= 1000 * MOST_PEOPLE:
            self.expected("a whole number of people", node, key)
            return None
        return node.integer

    def cents(self, node: Node | None, key: str) -> int | None:
        if node is None:
            return None
        cents = whole_cents(node)
        if cents is None:
            self.expected("euros with at most two decimals", node, key)
        return cents

    # Holdings and links

    def holding(self, node: Node, key: str, enterprises: dict[str, Enterprise]) -> Holding | None:
        keys = self.given(node, HOLDING_KEYS, ("owner", "of"), key)
        owner = self.enterprise_named(keys.get("owner"), joined(key, "owner"), enterprises)
        of = self.enterprise_named(keys.get("of"), joined(key, "of"), enterprises)
        self.two_of_them(owner, of, node, key)
        if of and enterprises[of].kind == "person":
            self.expected("an enterprise, which persons are not", keys["of"], joined(key, "of"))
        capital = self.percent(keys.get("capital"), joined(key, "capital"))
        votes = self.percent(keys.get("votes"), joined(key, "votes"))
        if node.mapping is not None and "capital" not in keys and "votes" not in keys:
            self.expected("capital, votes or both", node, key)
        since, until = self.days(keys, node, key)
        if not owner or not of:
            return None
        # Where one of the two is not given, shares carry votes in proportion.
        known = capital if votes is None else votes
        share = Fraction(0) if known is None else known
        return Holding(
            owner, of, share if capital is None else capital, share if votes is None else votes, since, until
        )

    def link(self, node: Node, key: str, enterprises: dict[str, Enterprise]) -> Link | None:
        keys = self.given(node, LINK_KEYS, ("between", "by"), key)
        named = self.sequence(keys.get("between"), joined(key, "between"))
        names = [self.enterprise_named(item, joined(key, "between"), enterprises) for item in named]
        if "between" in keys and keys["between"].items is not None and len(names) != 2:
            self.expected("two names", keys["between"], joined(key, "between"))
            names = []
        if len(names) == 2:
            self.two_of_them(names[0], names[1], node, key)
        by = self.choice(keys.get("by"), joined(key, "by"), tuple(WAYS), default="")
        market = self.choice(keys.get("market"), joined(key, "market"), MARKETS, default="") or None
        since, until = self.days(keys, node, key)
        if not by or len(names) != 2 or not all(names):
            return None
        return Link((names[0], names[1]), by, market, since, until)

    def enterprise_named(self, node: Node | None, key: str, enterprises: dict[str, Enterprise]) -> str:
        """A name under `enterprises`; empty for a mistake, which is reported."""
        name = self.text(node, key)
        if not name or name in enterprises:
            return name
        self.unknown("unknown-enterprise", name, enterprises, node, key)
        return ""

    def two_of_them(self, one: str, other: str, node: Node, key: str) -> None:
        if one and one == other:
            self.add(
                "itself",
                gettext_noop("{name} stands on both sides; expected two enterprises."),
                node,
                key,
                name=one,
            )

    def percent(self, node: Node | None, key: str) -> Fraction | None:
        if node is None:
            return None
        if node.number is None or not 0 <= node.number <= 100:
            self.expected("a percentage from 0 to 100", node, key)
            return None
        return Fraction(node.number)

    def days(self, keys: dict[str, Node], node: Node, key: str) -> tuple[date | None, date | None]:
        since = self.day(keys.get("since"), joined(key, "since"))
        until = self.day(keys.get("until"), joined(key, "until"))
        if since is not None and until is not None and until < since:
            self.add(
                "until-before-since",
                gettext_noop("It ends on {until}, before it begins on {since}; expected a later end."),
                node,
                key,
                since=since,
                until=until,
            )
        return since, until

    def day(self, node: Node | None, key: str) -> date | None:
        if node is not None and node.day is None:
            self.expected("a date such as 2026-03-01", node, key)
        return None if node is None else node.day

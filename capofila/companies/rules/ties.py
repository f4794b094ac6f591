"""What is known of a group of enterprises: accounts, holdings, links, each with its days.

Shares are percent, 0 to 100; money is in whole euro cents; None is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from capofila.lib.problems import gettext_noop

KINDS = {
    "firm": gettext_noop("firm"),
    "public-body": gettext_noop("public body"),
    "local-authority": gettext_noop("local authority"),
    "public-investment-corporation": gettext_noop("public investment corporation"),
    "venture-capital": gettext_noop("venture capital company"),
    "business-angel": gettext_noop("business angel"),
    "university": gettext_noop("university"),
    "research-centre": gettext_noop("research centre"),
    "institutional-investor": gettext_noop("institutional investor"),
    "person": gettext_noop("person"),
}
INVESTORS = (
    "public-investment-corporation", "venture-capital", "business-angel", "university",
    "research-centre", "institutional-investor",
)  # fmt: skip
WAYS = {
    "board-majority": gettext_noop("the right to appoint most of the board"),
    "dominant-influence": gettext_noop("a dominant influence"),
    "agreement": gettext_noop("an agreement that gives sole control"),
    "person": gettext_noop("the same persons"),
}
MARKETS = ("same", "adjacent", "other")
LINKING_MARKETS = ("same", "adjacent")


@dataclass(frozen=True)
class Accounts:
    """One year's: annual work units, and money in whole cents; None is not known."""

    year: int
    awu: Fraction | None = None
    turnover: int | None = None
    balance_sheet: int | None = None


@dataclass(frozen=True)
class Enterprise:
    """A node of the graph, enterprise or not; money in whole cents, None is not known."""

    name: str
    kind: str = "firm"
    country: str = "IT"
    accounts: tuple[Accounts, ...] = ()
    invested: int | None = None  # by a business angel, in what it holds
    budget: int | None = None  # of a local authority, a year
    inhabitants: int | None = None

    def in_year(self, year: int) -> Accounts | None:
        return next((accounts for accounts in self.accounts if accounts.year == year), None)


@dataclass(frozen=True)
class Holding:
    """Percent of capital and of votes; both days are included, None is no limit."""

    owner: str
    of: str
    capital: Fraction
    votes: Fraction
    since: date | None = None
    until: date | None = None

    @property
    def share(self) -> Fraction:
        return max(self.capital, self.votes)


@dataclass(frozen=True)
class Link:
    """What makes two enterprises one group without a majority of votes.

    `market` matters for persons alone; None is not known.
    """

    between: tuple[str, str]
    by: str
    market: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def counts(self) -> bool:
        return self.by != "person" or self.market in LINKING_MARKETS


@dataclass(frozen=True)
class Ties:
    """All that is known of a group; every name in `holdings` and `links` is an enterprise."""

    enterprises: Mapping[str, Enterprise]
    holdings: tuple[Holding, ...] = ()
    links: tuple[Link, ...] = ()

    def on(self, day: date) -> "Ties":
        """Those that hold on the day, in an order of their own."""
        holdings = sorted(
            (each for each in self.holdings if _holds(each, day)),
            key=lambda each: (each.of, each.owner, each.capital, each.votes),
        )
        links = sorted(
            (each for each in self.links if _holds(each, day)),
            key=lambda each: (sorted(each.between), each.by, each.market or ""),
        )
        return Ties(self.enterprises, tuple(holdings), tuple(links))


def _holds(tie: Holding | Link, day: date) -> bool:
    return (tie.since is None or tie.since <= day) and (tie.until is None or day <= tie.until)


class Shares:
    """Capital and votes added up separately; their share is the higher of the two."""

    def __init__(self) -> None:
        self.capital = self.votes = Fraction(0)
        self.owners: set[str] = set()

    def count(self, holding: Holding) -> None:
        self.capital += holding.capital
        self.votes += holding.votes
        self.owners.add(holding.owner)

    @property
    def share(self) -> Fraction:
        return min(max(self.capital, self.votes), Fraction(100))

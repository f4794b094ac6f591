"""The size class of an enterprise over the years: what each year gives, and what becomes of it.

Source: Recommendation 2003/361/EC, Annex, Articles 4 and 6. A class is gained or lost only by two
years in a row, but a change of owners or holdings that raises it counts at once. In words, with
numbers worked out: docs/rules/company-size.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from capofila.companies.rules.group import Group, Ties, group
from capofila.companies.rules.reasons import Fact, Money, Reason, Word, because
from capofila.companies.rules.size import Figures, SizeRules, certain_class, higher, nearer
from capofila.lib.problems import gettext_noop

CLASS_NAMES = {
    "micro": gettext_noop("micro"),
    "small": gettext_noop("small"),
    "medium": gettext_noop("medium"),
    "small-mid-cap": gettext_noop("small mid-cap"),
    "large": gettext_noop("large"),
}


@dataclass(frozen=True)
class CompanySize:
    """`size` and the values of `by_year` are classes or "unknown".

    `group` is the one of the day asked about; `figures` are those of `year`, the newest complete
    one, with the group of that year; None where no year is complete.
    """

    size: str
    group: Group
    year: int | None
    figures: Figures | None
    by_year: Mapping[int, str]
    reasons: tuple[Reason, ...]


def company_size(ties: Ties, subject: str, on: date | None, rules: SizeRules) -> CompanySize:
    """The class on the day `on`; None: on the last day of the newest year of the accounts.

    Accounts of years after that of `on` are not looked at.
    """
    return _Course(ties, subject, on, rules).size()


@dataclass(frozen=True)
class _Year:
    number: int
    group: Group
    figures: Figures | None  # None: not complete
    size: str | None

    @property
    def is_complete(self) -> bool:
        return self.size is not None


class _Course:
    """The years one after the other."""

    def __init__(self, ties: Ties, subject: str, on: date | None, rules: SizeRules) -> None:
        self.ties = ties
        self.subject = subject
        self.rules = rules
        known = {each.year for enterprise in ties.enterprises.values() for each in enterprise.accounts}
        self.later = {year for year in known if on is not None and year > on.year}
        self.candidates = sorted(known - self.later)
        self.day = on or date(max(known, default=9999), 12, 31)
        self.reasons: list[Reason] = []

    @cached_property
    def today(self) -> Group:
        return group(self.ties, self.subject, self.day, self.rules.thresholds)

    def size(self) -> CompanySize:
        self.reasons += self.today.reasons
        if self.today.is_autonomous:
            self.say(
                gettext_noop("{name} is autonomous: its own figures alone are counted."), name=self.subject
            )
        years = self.years()
        for year in years:
            self.say_year(year)
        if self.later:
            self.say(
                gettext_noop("Accounts of {years} are later than {day} and are not looked at."),
                years=tuple(str(year) for year in sorted(self.later)), day=str(self.day),
            )  # fmt: skip
        complete = [year for year in years if year.is_complete]
        size = self.course(complete)
        size = self.after(size, years, complete)
        newest = complete[-1] if complete else None
        return CompanySize(
            size or "unknown",
            self.today,
            newest.number if newest else None,
            newest.figures if newest else None,
            {year.number: year.size or "unknown" for year in years},
            tuple(self.reasons),
        )

    # What each year gives

    def years(self) -> list[_Year]:
        """The years in which somebody counted has accounts; the newest with the group of the day."""
        newest = max((year for year in self.candidates if self.somebody(self.today, year)), default=None)
        if newest is None:
            return []
        found = []
        for number in self.candidates:
            if number < newest:
                then = group(self.ties, self.subject, date(number, 12, 31), self.rules.thresholds)
                if self.somebody(then, number):
                    found.append(self.year(number, then))
        return [*found, self.year(newest, self.today)]

    def somebody(self, whose: Group, number: int) -> bool:
        return any(self.ties.enterprises[name].in_year(number) for name in whose.weights)

    def year(self, number: int, whose: Group) -> _Year:
        figures = self.figures(whose, number)
        if figures is None or whose.open:
            return _Year(number, whose, figures, None)
        size = "large" if whose.public else certain_class(self.rules.ceilings, figures)
        return _Year(number, whose, figures, size)

    def figures(self, whose: Group, number: int) -> Figures | None:
        """Of all that are counted, each with its weight; money is rounded once, to the nearest cent."""
        awu = Fraction(0)
        money = {"turnover": Fraction(0), "balance_sheet": Fraction(0)}
        missing = set()
        for name, weight in whose.weights.items():
            accounts = self.ties.enterprises[name].in_year(number)
            if accounts is None or accounts.awu is None:
                return None
            awu += weight * accounts.awu
            for key in money:
                cents = getattr(accounts, key)
                if cents is None:
                    missing.add(key)
                else:
                    money[key] += weight * cents
        totals = {
            key: None if key in missing else int(total + Fraction(1, 2)) for key, total in money.items()
        }
        return Figures(awu, totals["turnover"], totals["balance_sheet"])

    def say_year(self, year: _Year) -> None:
        self.say_group_of(year)
        if year.size is not None and year.figures is not None:
            self.say_figures(year.number, year.figures, year.size)
            return
        if year.group.open:
            self.reasons += [each for each in year.group.open if each not in self.reasons]
            self.say(
                gettext_noop("{year} is unknown: it is not known who is counted."), year=str(year.number)
            )
        if year.figures is not None:
            if not year.group.open:
                self.say(
                    gettext_noop("{year} is unknown: the figures that are missing would decide."),
                    year=str(year.number),
                )
            return
        absent, without_awu = [], []
        for name in year.group.weights:
            accounts = self.ties.enterprises[name].in_year(year.number)
            if accounts is None:
                absent.append(name)
            elif accounts.awu is None:
                without_awu.append(name)
        if absent:
            self.say(
                gettext_noop("{year} is unknown: the accounts of {names} are missing."),
                year=str(year.number), names=tuple(absent),
            )  # fmt: skip
        if without_awu:
            self.say(
                gettext_noop("{year} is unknown: the annual work units of {names} are missing."),
                year=str(year.number), names=tuple(without_awu),
            )  # fmt: skip

    def say_figures(self, number: int, figures: Figures, size: str) -> None:
        facts: dict[str, Fact] = {
            "year": str(number), "awu": figures.awu, "size": Word(CLASS_NAMES[size]),
        }  # fmt: skip
        if figures.turnover is not None:
            facts["turnover"] = Money(figures.turnover)
        if figures.balance_sheet is not None:
            facts["balance"] = Money(figures.balance_sheet)
        if "turnover" in facts and "balance" in facts:
            sentence = gettext_noop(
                "{year}: {awu} annual work units, turnover {turnover}, balance sheet {balance}: {size}."
            )
        elif "turnover" in facts:
            sentence = gettext_noop(
                "{year}: {awu} annual work units, turnover {turnover}, balance sheet not known: {size}."
            )
        elif "balance" in facts:
            sentence = gettext_noop(
                "{year}: {awu} annual work units, turnover not known, balance sheet {balance}: {size}."
            )
        else:
            sentence = gettext_noop(
                "{year}: {awu} annual work units, turnover and balance sheet not known: {size}."
            )
        self.say(sentence, **facts)

    def say_group_of(self, year: _Year) -> None:
        """What was otherwise on the last day of an earlier year."""
        then, now = year.group.weights, self.today.weights
        for name in sorted({*then, *now}):
            was, is_ = then.get(name, Fraction(0)), now.get(name, Fraction(0))
            if was != is_:
                self.say(
                    gettext_noop(
                        "On 31 December {year} {name} counted at {was} %, on {day} it counts at {now} %."
                    ),
                    year=str(year.number), name=name, was=was * 100, day=str(self.day), now=is_ * 100,
                )  # fmt: skip
        if year.group.public and not self.today.public:
            self.say(
                gettext_noop("On 31 December {year} public bodies made it large."), year=str(year.number)
            )

    # What becomes of them

    def course(self, complete: list[_Year]) -> str | None:
        status: str | None = None
        before: _Year | None = None
        for year in complete:
            if year.size is None:
                continue
            if status is None or before is None:
                status = self.first(year.number, year.size)
            else:
                status = self.next(status, before, year)
            before = year
        return status

    def first(self, number: int, size: str) -> str:
        self.say(
            gettext_noop("{year} is the first complete year and sets the class: {size}."),
            year=str(number), size=Word(CLASS_NAMES[size]),
        )  # fmt: skip
        return size

    def next(self, status: str, before: _Year, year: _Year) -> str:
        size, last = year.size or status, before.size or status
        if size == status:
            return status
        facts: dict[str, Fact] = {
            "year": str(year.number), "size": Word(CLASS_NAMES[size]), "status": Word(CLASS_NAMES[status]),
        }  # fmt: skip
        if higher(size, status) and self.raised_by_structure(before, year):
            self.say(
                gettext_noop(
                    "In {year} a holding or a link has changed and raises the class at once: {size}."
                ),
                **facts,
            )
            return size
        is_next = year.number == before.number + 1
        if is_next and last != status and higher(last, status) == higher(size, status):
            found = nearer(last, size, to=status)
            facts |= {"before": str(before.number), "found": Word(CLASS_NAMES[found])}
            self.say(
                gettext_noop(
                    "{before} and {year}, two years in a row, move the class from {status} to {found}."
                ),
                **facts,
            )
            return found
        self.say(
            gettext_noop(
                "{year} alone does not move the class: it takes two years in a row. It stays {status}."
            ),
            **facts,
        )
        return status

    def raised_by_structure(self, before: _Year, year: _Year) -> bool:
        """Whether the same figures would give a lower class without the change.

        Where the accounts for that are missing in both years, the change is held to be the cause.
        """
        if year.group.counts_as(before.group):
            return False
        for number in (year.number, before.number):
            with_it, without = self.year(number, year.group).size, self.year(number, before.group).size
            if with_it is not None and without is not None:
                return higher(with_it, without)
        return True

    def after(self, status: str | None, years: list[_Year], complete: list[_Year]) -> str | None:
        """The class on the day, where the newest year is not complete or nothing is."""
        if self.today.public:
            return "large"
        if status is None:
            self.reasons += [each for each in self.today.open if each not in self.reasons]
            if not years:
                self.say(
                    gettext_noop("The accounts of {names} are missing."), names=tuple(self.today.weights)
                )
            self.say(gettext_noop("No year is complete: the class is unknown."))
            return None
        if years[-1].is_complete:
            return status
        last = complete[-1]
        if status == "large" or self.today.counts_as(last.group):
            self.say(
                gettext_noop("{year} is the newest complete year; the class is the one it leaves: {size}."),
                year=str(last.number), size=Word(CLASS_NAMES[status]),
            )  # fmt: skip
            return status
        for year in reversed(years):
            now, was = self.year(year.number, self.today).size, self.year(year.number, last.group).size
            if now is None:
                continue
            if higher(now, status) and (was is None or higher(now, was)):
                self.say(
                    gettext_noop(
                        "A holding or a link has changed since {last}; with the accounts of {year} it raises "
                        "the class at once: {size}."
                    ),
                    last=str(last.number), year=str(year.number), size=Word(CLASS_NAMES[now]),
                )  # fmt: skip
                return now
            self.say(
                gettext_noop(
                    "A holding or a link has changed since {last}; with the accounts of {year} it does not "
                    "raise the class: {size}."
                ),
                last=str(last.number), year=str(year.number), size=Word(CLASS_NAMES[status]),
            )  # fmt: skip
            return status
        self.say(
            gettext_noop(
                "A holding or a link has changed since {last}, and the accounts that would tell whether it "
                "raises the class are missing: it is unknown."
            ),
            last=str(last.number),
        )
        return None

    def say(self, sentence: str, /, **facts: Fact) -> None:
        self.reasons.append(because(sentence, **facts))

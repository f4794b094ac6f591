"""What becomes of each row of a list of companies: new, update, duplicate, or refused because.

Rows are judged in their order, against the registry and the rows before them. In words, with
examples: docs/rules/company-import.md
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from capofila.companies.rules import duplicates, names
from capofila.companies.rules.import_row import Person, RowSaid, Value
from capofila.lib.problems import Problem, gettext_noop

Kind = Literal["new", "update", "duplicate", "refused"]
KINDS: tuple[Kind, ...] = ("new", "update", "duplicate", "refused")


@dataclass(frozen=True)
class KnownPerson:
    id: int
    name: str
    role: str
    email: str
    phone: str
    consent_on: date | None  # the newest that is not withdrawn


@dataclass(frozen=True)
class Existing:
    """A company of the registry, as far as an import must know it."""

    id: int
    facts: Mapping[str, Value]  # all of FACTS; None is left out, as is empty text
    partners: frozenset[int]  # that serve it
    people: tuple[KnownPerson, ...] = ()
    notes: frozenset[tuple[int, str]] = frozenset()  # (partner, text)
    open: bool = True  # the importer may know of it and change it

    @property
    def name(self) -> str:
        return str(self.facts["name"])


@dataclass(frozen=True)
class Change:
    """One difference; `before` is empty where nothing stood.

    `what` is one of FACTS, or contact, contact.name (role, email, phone), consent, partner, note.
    """

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row.

    `company` is the one to change, or the one the row duplicates; `person` the contact to change.
    """

    said: RowSaid
    kind: Kind
    company: int | None = None
    company_name: str = ""
    twin_line: int | None = None  # the earlier row of the file that it repeats
    changes: tuple[Change, ...] = ()
    person: int | None = None
    partner: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Registry:
    """What rows are judged against. `partners` are those the importer may name: key of the name -> id."""

    companies: Sequence[Existing]
    partners: Mapping[str, int]
    partner_names: Mapping[int, str]
    default_partner: int | None = None
    all_partners: frozenset[str] = frozenset()  # keys of every partner's name


class Judge:
    """Judges rows in their order; what is new becomes known to those that follow."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.by_id = {company.id: company for company in registry.companies}
        self.by_vat: dict[str, Existing] = {}
        self.by_tax_code: dict[str, list[Existing]] = {}
        for company in registry.companies:
            if company.facts.get("vat"):
                self.by_vat[str(company.facts["vat"])] = company
            if company.facts.get("tax_code"):
                self.by_tax_code.setdefault(str(company.facts["tax_code"]), []).append(company)
        self.known = duplicates.Known(
            _named(company.id, company.facts) for company in registry.companies if company.open
        )
        self.lines: dict[str, int] = {}  # identifier -> the line of the file it first stood on
        self.said: dict[int, RowSaid] = {}
        self.touched: dict[int, int] = {}  # company -> the line that changes it

    def judge(self, said: RowSaid) -> Verdict:
        problems = list(said.problems)
        partner = self._partner(said, problems)
        if problems:
            return Verdict(said, "refused", problems=tuple(problems))
        try:
            verdict = self._judge(said, partner)
        except Problem as problem:
            return Verdict(said, "refused", problems=(problem,))
        if verdict.kind in ("new", "update"):
            self._remember(said)
        return verdict

    def _partner(self, said: RowSaid, problems: list[Problem]) -> int | None:
        if not said.partner:
            return self.registry.default_partner
        name = partner_key(said.partner)
        if name in self.registry.partners:
            return self.registry.partners[name]
        if name in self.registry.all_partners:
            problems.append(
                Problem(
                    "import.partner-of-others",
                    gettext_noop("The partner {name} is not yours; the lead partner can import for it."),
                    name=said.partner,
                )
            )
        else:
            problems.append(
                Problem(
                    "import.partner-unknown",
                    gettext_noop("There is no partner {name}; expected the name of one of the hub's."),
                    name=said.partner,
                )
            )
        return None

    def _judge(self, said: RowSaid, partner: int | None) -> Verdict:
        repeated = next((self.lines[number] for number in _identifiers(said) if number in self.lines), None)
        if repeated is not None:
            return Verdict(said, "duplicate", company_name=self.said[repeated].name, twin_line=repeated)
        company = self._holder(said)
        if company is None:
            return self._new(said, partner)
        if not company.open:
            raise Problem(
                "import.not-yours",
                gettext_noop(
                    "The company is in the registry and another partner serves it. Ask the lead partner to "
                    "let you serve it too."
                ),
            )
        if company.id in self.touched:
            line = self.touched[company.id]
            return Verdict(said, "duplicate", company=company.id, company_name=company.name, twin_line=line)
        changes, person = self._changes(said, company, partner)
        kind: Kind = "update" if changes else "duplicate"
        if changes:
            self.touched[company.id] = said.line
        return Verdict(
            said, kind, company.id, company.name, changes=tuple(changes), person=person, partner=partner
        )

    def _holder(self, said: RowSaid) -> Existing | None:
        """The company of the registry that has the row's VAT number or tax code."""
        vat, code = str(said.facts.get("vat", "")), str(said.facts.get("tax_code", ""))
        by_vat = self.by_vat.get(vat) if vat else None
        by_code = [
            company
            for company in self.by_tax_code.get(code, ())
            if not (vat and company.facts.get("vat") and company.facts["vat"] != vat)
        ]
        if by_vat is not None:
            if any(company.id != by_vat.id for company in by_code):
                raise Problem(
                    "import.two-companies",
                    gettext_noop(
                        "The VAT number is of one company of the registry and the tax code of another. "
                        "Correct the row, or merge the two."
                    ),
                )
            return by_vat
        if len(by_code) > 1:
            raise Problem(
                "import.tax-code-twice",
                gettext_noop(
                    "Several companies of the registry have the tax code {value}. Merge them first."
                ),
                value=code,
            )
        return by_code[0] if by_code else None

    def _new(self, said: RowSaid, partner: int | None) -> Verdict:
        found = self.known.like(_named(-said.line, said.facts))
        if found:
            other = found[0][0].id
            if other < 0:
                return Verdict(said, "duplicate", company_name=self.said[-other].name, twin_line=-other)
            return Verdict(said, "duplicate", other, self.by_id[other].name)
        return Verdict(said, "new", partner=partner)

    def _remember(self, said: RowSaid) -> None:
        self.said[said.line] = said
        for number in _identifiers(said):
            self.lines.setdefault(number, said.line)
        self.known.add(_named(-said.line, said.facts))

    def _changes(
        self, said: RowSaid, company: Existing, partner: int | None
    ) -> tuple[list[Change], int | None]:
        changes = [
            Change(name, str(company.facts.get(name, "")), str(value))
            for name, value in said.facts.items()
            if company.facts.get(name) != value
        ]
        person = None
        if said.person is not None:
            known = next((known for known in company.people if _same_person(known, said.person)), None)
            changes += _person_changes(known, said.person)
            person = known.id if known is not None else None
        if partner is not None and partner not in company.partners:
            changes.append(Change("partner", "", self.registry.partner_names[partner]))
        if said.note and partner is not None and (partner, said.note) not in company.notes:
            changes.append(Change("note", "", said.note))
        return changes, person


def partner_key(name: str) -> str:
    return " ".join(names.words(name))


def judge(rows: Iterable[RowSaid], registry: Registry) -> list[Verdict]:
    judge = Judge(registry)
    return [judge.judge(said) for said in rows]


def _identifiers(said: RowSaid) -> list[str]:
    found = [("vat", said.facts.get("vat")), ("tax_code", said.facts.get("tax_code"))]
    return [f"{kind} {number}" for kind, number in found if number]


def _named(id: int, facts: Mapping[str, Value]) -> duplicates.Named:
    keys = ("name", "vat", "tax_code", "city", "province")
    return duplicates.named(id, **{key: str(facts.get(key, "")) for key in keys})


def _same_person(known: KnownPerson, said: Person) -> bool:
    if known.email and said.email:
        return known.email.casefold() == said.email.casefold()
    return names.words(known.name) == names.words(said.name)


def _person_changes(known: KnownPerson | None, said: Person) -> list[Change]:
    if known is None:
        changes = [Change("contact", "", said.name)]
    else:
        stated = said.name != said.email  # a name of its own, not the address in its place
        pairs = [
            ("contact.name", known.name, said.name if stated else ""),
            ("contact.role", known.role, said.role),
            ("contact.email", known.email, said.email),
            ("contact.phone", known.phone, said.phone),
        ]
        changes = [Change(what, before, after) for what, before, after in pairs if after and after != before]
    if said.consent_on is not None and (known is None or known.consent_on != said.consent_on):
        before = "" if known is None or known.consent_on is None else str(known.consent_on)
        changes.append(Change("consent", before, str(said.consent_on)))
    return changes

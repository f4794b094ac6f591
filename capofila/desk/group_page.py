"""What the page of a company's group shows: class, figures, reasons, diagram, and every row that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from capofila.companies import group_queries, queries
from capofila.companies.group_actions import Row, told
from capofila.companies.group_queries import Known
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.companies.rules.group import Group
from capofila.companies.rules.group_graph import Graph, Node, graph
from capofila.companies.rules.status import CompanySize
from capofila.consortium import access
from capofila.consortium.access import Who
from capofila.desk.group_words import class_name, kind_name, number, percent, row_words, say
from capofila.desk.group_words import reason_words as in_words
from capofila.lib import charts
from capofila.lib.charts import GroupBox, GroupLine


@dataclass(frozen=True)
class Told:
    """A row in words; `when` says of one that does not hold on the day whether it ended or is to come."""

    row: Row
    words: str
    when: str = ""


@dataclass(frozen=True)
class YearRow:
    row: YearAccounts
    awu: str
    turnover: str
    balance_sheet: str


@dataclass(frozen=True)
class Member:
    """One enterprise; `years` is None where the person may not see its figures."""

    row: Enterprise
    name: str
    about: str
    counts: str
    is_subject: bool
    file: int | None  # the company's number, where the person may open its file
    years: Sequence[YearRow] | None
    may_change: bool


@dataclass(frozen=True)
class GroupPage:
    day: date
    size: str
    is_known: bool
    figures: Sequence[tuple[str, str]]  # (name, figure)
    figures_year: int | None
    by_year: Sequence[tuple[int, str]]
    reasons: Sequence[str]
    counted: Sequence[tuple[str, str, str]]  # (enterprise, how, percent)
    diagram: SafeString
    diagram_narrow: SafeString
    members: Sequence[Member]
    holdings: Sequence[Told]
    links: Sequence[Told]


def group_page(company: Company, asking: Who, day: date, *, may_change: bool) -> GroupPage:
    """Raises `Problem` for a day before the first rules."""
    known = group_queries.known(company)
    found = group_queries.size_on(known, day)
    drawn = graph(known.ties, found.group, day)
    return GroupPage(
        day=day,
        size=class_name(found.size),
        is_known=found.size != "unknown",
        figures=_figures(found),
        figures_year=found.year,
        by_year=[(year, class_name(size)) for year, size in found.by_year.items()],
        reasons=[in_words(reason) for reason in found.reasons],
        counted=[(node.name, _role(node), percent(node.weight * 100)) for node in drawn.nodes if node.weight],
        diagram=_diagram(drawn, narrow=False),
        diagram_narrow=_diagram(drawn, narrow=True),
        members=_members(known, found.group, asking, day, may_change=may_change),
        holdings=[_tie("holding", row, known, day) for row in known.holdings],
        links=[_tie("link", row, known, day) for row in known.links],
    )


def _figures(found: CompanySize) -> list[tuple[str, str]]:
    figures = found.figures
    if figures is None:
        return []
    missing = _("not known")
    turnover, balance = figures.turnover, figures.balance_sheet
    return [
        (_("Annual work units"), number(figures.awu)),
        (_("Turnover"), missing if turnover is None else say().euros(turnover)),
        (_("Balance sheet total"), missing if balance is None else say().euros(balance)),
    ]


# The diagram


def _role(node: Node) -> str:
    return {
        "subject": _("itself"),
        "linked": _("linked"),
        "partner": _("partner enterprise"),
        "not counted": _("not counted"),
    }[node.role]


def _diagram(drawn: Graph, *, narrow: bool) -> SafeString:
    place = {node.name: at for at, node in enumerate(drawn.nodes)}
    boxes = [GroupBox(node.name, _note(node), node.role) for node in drawn.nodes]
    lines = [
        GroupLine(place[edge.owner], place[edge.of], percent(edge.share))
        if edge.share is not None
        else GroupLine(place[edge.owner], place[edge.of], _("linked"), arrow=False)
        for edge in drawn.edges
    ]
    heads = (_("Enterprise"), _("How it counts"), _("Held by"))
    chart = charts.group(boxes, lines, alt=_alt(drawn), heads=heads, narrow=narrow)
    return mark_safe(chart.svg)  # every text in it is escaped there


def _note(node: Node) -> str:
    if node.role == "subject":
        return ""
    kind = "" if node.kind == "firm" else f"{kind_name(node.kind)}, "
    counts = "" if not node.weight else f", {percent(node.weight * 100)}"
    return f"{kind}{_role(node)}{counts}"


def _alt(drawn: Graph) -> str:
    """What the picture says, for who does not see it."""
    subject = drawn.nodes[0].name
    if len(drawn.nodes) == 1:
        return _("%(name)s stands alone: nobody is tied to it.") % {"name": subject}
    lines = [
        _("%(owner)s holds %(share)s of %(of)s")
        % {"owner": edge.owner, "share": percent(edge.share), "of": edge.of}
        if edge.share is not None
        else _("%(one)s and %(other)s are linked") % {"one": edge.owner, "other": edge.of}
        for edge in drawn.edges
    ]
    counted = [f"{node.name} {percent(node.weight * 100)}" for node in drawn.nodes if node.weight]
    return _("The group of %(name)s. %(lines)s. Counted: %(counted)s.") % {
        "name": subject,
        "lines": "; ".join(lines),
        "counted": say().listed(counted),
    }


# The rows


def _tie(thing: str, row: Holding | EnterpriseLink, known: Known, day: date) -> Told:
    when = ""
    if row.since is not None and day < row.since:
        when = _("to come")
    elif row.until is not None and row.until < day:
        when = _("ended")
    return Told(row, row_words(thing, _named(row, known)), when)


def _named(row: Row, known: Known) -> Mapping[str, str]:
    """As the history tells it, with the names of this group."""
    ends = {
        name: known.names[getattr(row, f"{name}_id")]
        for name in ("owner", "of", "one", "other")
        if hasattr(row, f"{name}_id")
    }
    return {**told(row), **ends}


def _members(known: Known, group: Group, asking: Who, day: date, *, may_change: bool) -> list[Member]:
    inside = [each.company_id for each in known.enterprises if each.company_id is not None]
    visible = set(queries.visible(asking, day).filter(pk__in=inside).values_list("pk", flat=True))
    return [
        _member(row, known, group, asking, day, visible, may_change=may_change) for row in known.enterprises
    ]


def _member(
    row: Enterprise, known: Known, group: Group, asking: Who, day: date, visible: set[int], *,
    may_change: bool,
) -> Member:  # fmt: skip
    name = known.names[row.pk]
    weight = group.weights.get(name)
    is_own = row.company_id == known.company.pk
    may_see = row.company_id is None or is_own or row.company_id in visible
    of_others = row.company is not None and not is_own
    if of_others and row.company is not None and may_change:
        facts = queries.access_facts(row.company, day)
        may_change = access.may(asking, "change", "company", facts)
    about = told(row)
    return Member(
        row=row,
        name=name,
        about=row_words("enterprise", {**about, "name": ""}).removeprefix(": "),
        counts=_("not counted") if not weight else _("counts %(share)s") % {"share": percent(weight * 100)},
        is_subject=is_own,
        file=row.company_id if of_others and row.company_id in visible else None,
        years=[_year(each) for each in known.accounts.get(row.pk, ())] if may_see else None,
        may_change=may_change,
    )


def _year(row: YearAccounts) -> YearRow:
    missing = _("not known")
    return YearRow(
        row,
        missing if row.awu is None else number(row.awu),
        missing if row.turnover_cents is None else say().euros(row.turnover_cents),
        missing if row.balance_sheet_cents is None else say().euros(row.balance_sheet_cents),
    )

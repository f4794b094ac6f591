"""Plan what to do next from an answers file and a company file: actions, priorities, 12 quarters."""

import argparse
import sys
from pathlib import Path

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Submission
from capofila.assessments.commands.arguments import add_answers, facts
from capofila.companies import company_file
from capofila.companies.company_file import CompanyFacts
from capofila.lib.commands import print_json
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node
from capofila.roadmap import planning
from capofila.roadmap.as_json import as_json, euros
from capofila.roadmap.goals import LANGUAGES, goals
from capofila.roadmap.planning import Basis, Choices, Roadmap
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import Firm
from capofila.roadmap.rules.schedule import Wishes

MOST_DAYS = 10_000  # per quarter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_answers(parser)
    parser.add_argument("--company", type=Path, required=True, metavar="FILE", help="JSON or YAML")
    parser.add_argument("--budget", type=_cents, metavar="EUR", help="for all 12 quarters (no limit)")
    parser.add_argument(
        "--days-per-quarter", type=_days, metavar="N", help="of the firm's own people (no limit)"
    )
    parser.add_argument(
        "--pin", type=_pin, action="append", default=[], metavar="ACTION:QUARTER", help="start it there"
    )
    parser.add_argument("--exclude", action="append", default=[], metavar="ACTION", help="leave it out")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of sentences and names (en)")
    parser.add_argument("--json", action="store_true", help="print the roadmap as JSON")


def run(arguments: argparse.Namespace) -> None:
    company = company_file.read(arguments.company, goals())
    submission = answers_file.read(arguments.answers, facts(arguments), company.profile)
    roadmap = planning.make(basis(submission, company), choices(arguments))
    if roadmap.plan.aborted:
        print("Time ran out: this is the quick plan, not proven to be the best.", file=sys.stderr)
    if arguments.json:
        print_json(as_json(roadmap, arguments.language))
    else:
        _print(roadmap, arguments.language)


def basis(submission: Submission, company: CompanyFacts) -> Basis:
    firm = Firm(profile=submission.profile, size=company.size, goals=company.goals)
    return Basis(submission.instrument, submission.name, submission.answers, firm)


def choices(arguments: argparse.Namespace) -> Choices:
    """Raises `Refused` when an action is pinned to two quarters."""
    problems: list[Problem] = []
    pins: dict[str, int] = {}
    for action, quarter in arguments.pin:
        if pins.setdefault(action, quarter) != quarter:
            problems.append(
                Problem(
                    "roadmap.pin-twice",
                    gettext_noop("{action} is pinned to quarter {one} and to quarter {other}; expected one."),
                    action=action,
                    one=pins[action],
                    other=quarter,
                )
            )
    refuse_if(problems)
    return Choices(
        limits=Limits(arguments.budget, arguments.days_per_quarter),
        wishes=Wishes(pins=pins, excluded=frozenset(arguments.exclude)),
    )


def _cents(text: str) -> int:
    cents = company_file.whole_cents(Node(text))
    if cents is None:
        raise argparse.ArgumentTypeError(f"{text} is not an amount such as 80000 or 80000.50")
    return cents


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of days")
    return int(text)


def _pin(text: str) -> tuple[str, int]:
    action, _, quarter = text.rpartition(":")
    if not action or not (quarter.isascii() and quarter.isdecimal()) or len(quarter) > 4:
        raise argparse.ArgumentTypeError(
            f"{text} is not an action and a quarter such as dat.backup-restore:2"
        )
    return action, int(quarter)


def _print(roadmap: Roadmap, language: str) -> None:
    said = roadmap.said(language)
    profile = roadmap.basis.firm.profile

    def name(code: str) -> str:
        return f"{said.actions.of(code, profile).name} [{code}]"

    if not roadmap.library.actions:
        print(f"There are no improvement actions for {roadmap.library.instrument}.")
        return
    print(_summary(roadmap))
    quarter = 0
    for position, priority in enumerate(roadmap.planned()):
        code, start = priority.code, roadmap.plan.starts[priority.code]
        action, gain = priority.raised.action, roadmap.gains[priority.code]
        if start != quarter:
            quarter = start
            print(f"\nQuarter {quarter}")
        ends = f", until quarter {start + action.quarters - 1}" if action.quarters > 1 else ""
        print(f"  {name(code)}")
        print(
            f"    priority {float(priority.value):.2f}, {action.days} days, {euros(action.cents)} EUR{ends}"
        )
        print(f"    {said.why(priority, gain, roadmap.after(code), position)}")
    if roadmap.left_out:
        print("\nLeft out")
    for code, reason in roadmap.left_out.items():
        print(f"  {name(code)}: {said.left_out(reason, roadmap.raising.not_relevant.get(code, ''))}")
    _print_readiness(roadmap, language)
    _print_weights(roadmap)


def _summary(roadmap: Roadmap) -> str:
    planned = [priority.raised.action for priority in roadmap.planned()]
    budget = roadmap.choices.limits.budget_cents
    proven = "proven best" if not roadmap.plan.gap else f"within {float(roadmap.plan.gap):.1%} of the best"
    money = "no limit of money" if budget is None else f"budget {euros(budget)} EUR"
    gain = (
        "" if roadmap.gain is None else f"; together they add {float(roadmap.gain):.2f} to the overall score"
    )
    return (
        f"{len(planned)} of {len(planned) + len(roadmap.left_out)} actions in 12 quarters, {money}: "
        f"{sum(action.days for action in planned)} days, {euros(sum(action.cents for action in planned))} EUR"
        f"{gain}.\nThe plan is {proven} (objective {float(roadmap.plan.objective):.2f})."
    )


def _print_readiness(roadmap: Roadmap, language: str) -> None:
    if roadmap.readiness:
        print("\nReadiness for the goals named (no certificate is promised)")
    for found in roadmap.readiness:
        below = ", ".join(f"{r.question} {r.level} of {r.required}" for r in found.below)
        print(f"  {goals()[found.goal][language]}: {len(found.met)} of {found.asked} met")
        if below:
            print(f"    below: {below}")
        if found.unanswered:
            print(f"    unanswered: {', '.join(r.question for r in found.unanswered)}")
        for sentence in found.missing.get(language, ()):
            print(f"    not asked: {sentence}")


def _print_weights(roadmap: Roadmap) -> None:
    exponents = ", ".join(f"{name} {exponent}" for name, exponent in roadmap.weights.exponents.items())
    print(f"\nPriority = gap x relevance x peers x feasibility; exponents: {exponents}.")
    if not roadmap.basis.peers:
        print("Peers are not known here: they count as 1 for every action.")
    if roadmap.basis.firm.size is None:
        print(f"The size of the firm is not known: feasibility takes it as {roadmap.weights.size_unknown}.")

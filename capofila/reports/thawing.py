"""The parts of a report back from what was frozen of it, as `frozen` writes it."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.rules.answers import Answers, plain, read_answers
from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.companies.company_file import CompanyFacts
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument, Question
from capofila.lib.problems import Problem, Refused, gettext_noop, refuse_if
from capofila.lib.sources import Node
from capofila.reports import frozen
from capofila.reports.parts import Parts
from capofila.reports.peers import Peers
from capofila.roadmap import planning
from capofila.roadmap.grounds import weights_from
from capofila.roadmap.planning import Basis, Choices, Roadmap
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import Firm
from capofila.roadmap.rules.schedule import LeftOut, Plan, Wishes

NAME = "frozen inputs"  # what problems call the file


def read(frozen_: bytes) -> Parts:
    """Raises `Problem` for what is not of our own making, or names what this program has not."""
    try:
        return _parts(json.loads(frozen_))
    except (ValueError, KeyError, TypeError, AttributeError, Refused):
        raise Problem(
            "reports.frozen-unreadable",
            gettext_noop("This is not what a report was made from, or another program froze it."),
        ) from None


def _parts(said: Mapping[str, Any]) -> Parts:
    if said["format"] != frozen.FORMAT:
        raise ValueError(said["format"])
    read_, own = said["assessments"], _submission(said["assessments"]["own"])
    return Parts(
        language=said["language"],
        hub=said["hub"],
        company=_company(said["company"]),
        own=own,
        eu=_if(read_["european"], _submission),
        before=_if(read_["before"], _submission),
        roadmap=_if(said["roadmap"], lambda kept: _roadmap(kept, own)),
        peers=_if(said["benchmark"], _peers),
        texts=said["texts"],
        unconfirmed=said["unconfirmed"],
    )


def _company(said: Mapping[str, Any]) -> CompanyFacts:
    return CompanyFacts(
        **{
            **said,
            "ateco": _if(said["ateco"], lambda both: (both[0], both[1])),
            "goals": tuple(said["goals"]),
            "statuses": {code: _day(since) for code, since in said["statuses"]},
        }
    )


def _submission(said: Mapping[str, Any]) -> Submission:
    instrument = library.load(said["instrument"])
    return Submission(
        file="assessment",
        instrument=instrument,
        name=said["instrument"],
        profile=said["profile"],
        stage=said["stage"],
        day=_day(said["day"]),
        language=said["language"],
        answers=_answers(said["answers"], instrument, said["profile"]),
        evidence={
            code: [
                Shown(
                    shown["name"],
                    date.fromisoformat(shown["received_on"]),
                    _day(shown["effective_on"]),
                    shown["sha256"],
                )
                for shown in listed
            ]
            for code, listed in said["evidence"]
        },
    )


def _answers(said: Mapping[str, Any], instrument: Instrument, profile: str | None) -> Answers:
    """By the rule for files, in the order of the questionnaire."""
    tree = Node({code: _node(instrument.by_code.get(code), one) for code, one in said.items()})
    problems: list[Problem] = []
    found = read_answers(tree, NAME, instrument, profile, problems)
    refuse_if(problems)
    return found


def _node(question: Question | None, said: Mapping[str, Any]) -> Node:
    """A decimal was kept as text, with all its digits."""
    parts = {key: plain(part) for key, part in said.items()}
    if question is not None and question.type == "decimal" and "value" in said:
        parts["value"] = Node(Decimal(said["value"]))
    return Node(parts)


def _roadmap(said: Mapping[str, Any], own: Submission) -> Roadmap:
    firm = Firm(said["firm"]["profile"], said["firm"]["size"], tuple(said["firm"]["goals"]))
    peers = {area: Fraction(middle) for area, middle in said["peers"].items()}
    plan = said["plan"]
    return planning.again(
        Basis(own.instrument, own.name, own.answers, firm, peers),
        Choices(
            limits=Limits(said["budget_cents"], said["days_per_quarter"]),
            wishes=Wishes(said["pins"], frozenset(said["excluded"]), frozenset(said["begun"])),
            not_relevant=said["not_relevant"],
            weights=weights_from(said["weights"]),
        ),
        Plan(
            starts=dict(plan["starts"]),
            left_out={code: LeftOut(why, tuple(before)) for code, why, before in plan["left_out"]},
            objective=Fraction(plan["objective"]),
            gap=Fraction(plan["gap"]),
            aborted=plan["aborted"],
        ),
        {code: _if(gain, Fraction) for code, gain in said["gains"].items()},
    )


def _peers(said: Mapping[str, Any]) -> Peers:
    return Peers(
        said["cohort"],
        date.fromisoformat(said["on"]),
        said["level"],
        said["companies"],
        {measure: _measure(found) for measure, found in said["measures"]},
        dict(said["passed_over"]),
        is_demo=said["is_demo"],
    )


def _measure(said: Mapping[str, Any]) -> Published | Suppressed:
    if "why" in said:
        return Suppressed(said["why"])
    return Published(said["companies"], said["mean"], dict(said["points"]))


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _if(said: Any, read_: Callable[[Any], Any]) -> Any:
    """None stays None."""
    return None if said is None else read_(said)

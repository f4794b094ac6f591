"""What a roadmap is made from, read from the rows of other rooms, with a checksum of all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from capofila.assessments import benchmark, queries
from capofila.assessments.answers_file import Submission
from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.roadmap import library
from capofila.roadmap.models import HubWeights
from capofila.roadmap.planning import Basis
from capofila.roadmap.rules.raising import Firm
from capofila.roadmap.rules.weights import FACTORS, HalfWay, Weights


@dataclass(frozen=True)
class Grounds:
    basis: Basis
    weights: Weights
    sha256: str  # of everything but what firm and consultant choose
    answers_sha256: str


def grounds(assessment: Assessment, goals: tuple[str, ...] | None = None) -> Grounds:
    """`goals`: those of the company unless the caller is about to change them."""
    submission = queries.submission(assessment)
    company: Company = assessment.company
    firm = Firm(
        profile=submission.profile,
        size=company.size or None,
        goals=tuple(company.goals) if goals is None else goals,
    )
    peers = _peers(assessment)
    basis = Basis(submission.instrument, submission.name, submission.answers, firm, peers)
    weights = weights_now()
    answers = _answers(submission)
    facts = {
        "answers": answers,
        "firm": asdict(firm),
        "peers": {area: str(median) for area, median in sorted(peers.items())},
        "weights": weights_json(weights),
    }
    return Grounds(basis, weights, _checksum(facts), _checksum(answers))


def _peers(assessment: Assessment) -> dict[str, Fraction]:
    """Area -> where others stand, as the benchmark publishes it; nothing where it publishes nothing."""
    found = benchmark.compared(assessment, own={})
    if found.chosen is None:
        return {}
    told = {area: found.others(area) for area in found.instrument.areas}
    return {area: Fraction(others.middle, 100) for area, others in told.items() if others is not None}


def _answers(submission: Submission) -> dict[str, object]:
    return {
        "instrument": submission.name,
        "library": library.load(submission.name).version,
        "profile": submission.profile,
        "answers": {
            code: [answer.applicable, str(answer.value)]
            for code, answer in sorted(submission.answers.items())
        },
    }


def _checksum(facts: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


# The hub's weights


def weights_now() -> Weights:
    """As the hub weighs now: its own, else those of data/weights.yaml."""
    row = HubWeights.objects.order_by("-pk").first()
    return library.default_weights() if row is None else weights_from(row.weights)


def weights_json(weights: Weights) -> dict[str, Any]:
    return {
        "exponents": {name: weights.exponents[name] for name in FACTORS},
        "relevance_otherwise": str(weights.relevance_otherwise),
        "open_prerequisite": str(weights.open_prerequisite),
        "half_way": {
            size: {"cents": figures.cents, "days": figures.days} for size, figures in weights.half_way.items()
        },
        "size_unknown": weights.size_unknown,
    }


def weights_from(said: Mapping[str, Any]) -> Weights:
    return Weights(
        exponents={name: int(said["exponents"][name]) for name in FACTORS},
        relevance_otherwise=Fraction(said["relevance_otherwise"]),
        open_prerequisite=Fraction(said["open_prerequisite"]),
        half_way={
            size: HalfWay(figures["cents"], figures["days"]) for size, figures in said["half_way"].items()
        },
        size_unknown=said["size_unknown"],
    )

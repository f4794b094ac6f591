"""What a report was made from as one file: canonical JSON, named by its own checksum.

Keys are sorted and texts are UTF-8, so that equal parts give equal bytes; what has an order stands in
lists. Exact figures are fractions as text ("7/3"), money is whole cents. `read` gives the parts back,
and from them alone the same program makes the same report. In words: docs/rules/report-versions.md
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from capofila.assessments.answers_file import Submission
from capofila.assessments.queries import as_stored
from capofila.assessments.rules import scoring
from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.assessments.rules.scoring import Score
from capofila.companies.company_file import CompanyFacts
from capofila.reports import program
from capofila.reports.parts import Parts
from capofila.reports.peers import Peers
from capofila.roadmap.grounds import weights_json
from capofila.roadmap.planning import Roadmap

FORMAT = 1


def written(parts: Parts) -> bytes:
    return json.dumps(data(parts), sort_keys=True, ensure_ascii=False, indent=1).encode()


def data(parts: Parts) -> dict[str, Any]:
    said = [one for one in (parts.own, parts.eu, parts.before) if one is not None]
    return {
        "format": FORMAT,
        "language": parts.language,
        "hub": parts.hub,
        "versions": program.versions([one.name for one in said]),
        "company": _company(parts.company),
        "assessments": {
            "own": _submission(parts.own),
            "european": None if parts.eu is None else _submission(parts.eu),
            "before": None if parts.before is None else _submission(parts.before),
        },
        "unconfirmed": parts.unconfirmed,
        "roadmap": None if parts.roadmap is None else _roadmap(parts.roadmap),
        "benchmark": None if parts.peers is None else _peers(parts.peers),
        "texts": dict(parts.texts),
    }


def _company(company: CompanyFacts) -> dict[str, Any]:
    statuses = [[code, _day(since)] for code, since in company.statuses.items()]
    return {**asdict(company), "statuses": statuses}


def _submission(said: Submission) -> dict[str, Any]:
    """Answers as they were scored, what was shown for them, and the scores that they give."""
    return {
        "instrument": said.name,
        "profile": said.profile,
        "stage": said.stage,
        "day": _day(said.day),
        "language": said.language,
        "answers": {
            code: {
                **({"value": as_stored(answer)} if answer.applicable else {"not_applicable": answer.reason}),
                **({"note": answer.note} if answer.note else {}),
            }
            for code, answer in said.answers.items()
        },
        "evidence": [
            [
                code,
                [
                    {
                        "name": shown.name,
                        "received_on": _day(shown.received_on),
                        "effective_on": _day(shown.effective_on),
                        "sha256": shown.sha256,
                    }
                    for shown in listed
                ],
            ]
            for code, listed in said.evidence.items()
        ],
        "scores": _scores(said),
    }


def _scores(said: Submission) -> dict[str, Any]:
    scores = scoring.score(said.instrument, said.answers, said.profile)
    return {
        "overall": _score(scores.overall),
        "areas": {code: _score(score) for code, score in scores.areas.items()},
        "dimensions": {code: _score(score) for code, score in scores.dimensions.items()},
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "value": _exact(score.value),
        "coverage": _exact(score.coverage),
        "band": score.band,
        "answered": score.answered,
        "applicable": score.applicable,
    }


def _roadmap(roadmap: Roadmap) -> dict[str, Any]:
    """The plan as it is kept, with all it was made with besides the answers."""
    basis, choices, plan = roadmap.basis, roadmap.choices, roadmap.plan
    return {
        "firm": {"profile": basis.firm.profile, "size": basis.firm.size, "goals": list(basis.firm.goals)},
        "peers": {area: str(middle) for area, middle in basis.peers.items()},
        "budget_cents": choices.limits.budget_cents,
        "days_per_quarter": choices.limits.days_per_quarter,
        "pins": dict(choices.wishes.pins),
        "excluded": sorted(choices.wishes.excluded),
        "begun": sorted(choices.wishes.begun),
        "not_relevant": dict(choices.not_relevant),
        "weights": weights_json(roadmap.weights),
        "plan": {
            "starts": [[code, quarter] for code, quarter in plan.starts.items()],
            "left_out": [[code, out.why, list(out.prerequisites)] for code, out in plan.left_out.items()],
            "objective": str(plan.objective),
            "gap": str(plan.gap),
            "aborted": plan.aborted,
        },
        "gains": {code: _exact(gain) for code, gain in roadmap.gains.items()},
    }


def _peers(peers: Peers) -> dict[str, Any]:
    return {
        "cohort": peers.cohort,
        "on": _day(peers.on),
        "level": peers.level,
        "companies": peers.companies,
        "is_demo": peers.is_demo,
        "measures": [[measure, _measure(found)] for measure, found in peers.measures.items()],
        "passed_over": [[level, why] for level, why in peers.passed_over.items()],
    }


def _measure(found: Published | Suppressed) -> Mapping[str, Any]:
    if isinstance(found, Suppressed):
        return {"why": found.why}
    points = [[share, value] for share, value in found.points.items()]
    return {"companies": found.companies, "mean": found.mean, "points": points}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)

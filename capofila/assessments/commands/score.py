"""Score an answers file: overall, areas, dimensions and cells, each with its coverage."""

import argparse

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Submission
from capofila.assessments.commands.arguments import add_answers, facts
from capofila.assessments.rules import scoring
from capofila.assessments.rules.scoring import Score, Scores
from capofila.lib.commands import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_answers(parser)
    parser.add_argument("--json", action="store_true", help="print the scores as JSON, unrounded")


def run(arguments: argparse.Namespace) -> None:
    submission = answers_file.read(arguments.answers, facts(arguments))
    scores = scoring.score(submission.instrument, submission.answers, submission.profile)
    if arguments.json:
        print_json(scoring.as_json(submission.instrument, submission.profile, scores))
    else:
        _print(submission, scores)


def _print(submission: Submission, scores: Scores) -> None:
    instrument = submission.instrument
    profile = f", {submission.profile}" if submission.profile else ""
    print(f"{instrument.name}{profile}: scores from {float(instrument.low):g} to {float(instrument.high):g}")
    rows = [("overall", scores.overall), *scores.areas.items(), *scores.dimensions.items()]
    width = max(len(name) for name, _ in rows)
    for name, score in rows:
        print(f"  {name:<{width}}  {_words(score)}")
    for warning in scoring.warnings(scores):
        print(f"warning: {warning}")


def _words(score: Score) -> str:
    if score.coverage is None:
        return "     –  nothing applies"
    value = "     –" if score.value is None else f"{float(score.value):6.2f}"
    band = "withheld" if score.value is None else score.band or ""
    return f"{value}  {band:<20} {score.answered} of {score.applicable} answered"

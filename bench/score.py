"""Scores: one assessment in plain Python, a million in bulk, against the time to read the bytes.

    bin/bench score [--assessments N]

Bulk answers are levels, one byte each: 1 to 5, 0 unanswered, 255 not applicable. NumPy works block by block on
one core; Polars on all of them. Both are compared with the exact rule on a sample. Aim: one assessment under 1 ms.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from itertools import product
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench._measure import CHECKOUT, machine, own_memory, say, seconds, spread
from capofila.assessments import answers_file
from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answer
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument

UNANSWERED, NOT_APPLICABLE = 0, 255
BLOCK = 16_384  # assessments whose answers and sums stay in the processor's cache
SAMPLE = 500  # assessments on which bulk and exact rule are compared
INSTRUMENT = "digital-maturity"

Levels = NDArray[np.uint8]
Column = NDArray[np.float64]
Groups = Mapping[str, list[int]]  # key of a score -> positions of its questions


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench score", description=__doc__)
    parser.add_argument("--assessments", type=int, default=1_000_000, help="in bulk (1000000)")
    count = parser.parse_args().assessments
    say(f"Scores of {INSTRUMENT}; {machine()}; median (lowest to highest)")
    one = _one()
    instrument = library.load(INSTRUMENT)
    if any(question.type != "level" or question.weight != 1 for question in instrument.questions):
        raise SystemExit("The bulk rules here are for level questions that weigh the same.")
    groups = _groups(instrument)
    levels = _invented(instrument, count)
    with tempfile.TemporaryDirectory(prefix="capofila-bench-") as folder:
        reading, numpy_took = _numpy(instrument, groups, levels, Path(folder))
        _polars(instrument, groups, levels, Path(folder))
    scores = len(groups) + 1
    say(f"  {count:,} assessments x {len(instrument.questions)} answers, {scores} scores each; at most {own_memory():.0f} MB")
    say(f"  one by one they would take {one * count:.0f} s: {one * count / numpy_took:.0f} times the bulk")
    say(f"  ratio, NumPy to reading the bytes: {numpy_took / reading:.1f}")


def _one() -> float:
    """Seconds of one assessment by the exact rule, as it runs when a page or a report is made."""
    said = answers_file.read(CHECKOUT / "capofila" / "desk" / "demo" / "answers.yaml")
    took = seconds(lambda: scoring.score(said.instrument, said.answers, said.profile), 1000)
    say(f"One assessment, exact, plain Python: {spread([each * 1000 for each in took], 'ms')}")
    return statistics.median(took)


def _invented(instrument: Instrument, count: int) -> Levels:
    """Question x assessment; a tenth unanswered, a twentieth not applicable, some assessments far from complete."""
    random = np.random.default_rng(140)
    shape = (len(instrument.questions), count)
    levels = random.integers(1, 6, shape, dtype=np.uint8)
    thresholds = random.choice(np.array([5, 25, 150], dtype=np.uint8), count)
    chance = random.integers(0, 256, shape, dtype=np.uint8)
    levels[chance < thresholds] = UNANSWERED
    levels[chance > 243] = NOT_APPLICABLE
    return levels


def _groups(instrument: Instrument) -> dict[str, list[int]]:
    """Areas, dimensions and cells."""
    keys = [(area, None) for area in instrument.areas] + [(None, dimension) for dimension in instrument.dimensions]
    found: dict[str, list[int]] = {}
    for area, dimension in [*keys, *product(instrument.areas, instrument.dimensions)]:
        found[".".join(filter(None, (area, dimension)))] = [
            place
            for place, question in enumerate(instrument.questions)
            if area in (None, question.area) and dimension in (None, question.dimension)
        ]
    return found


# NumPy


def _numpy(instrument: Instrument, groups: Groups, levels: Levels, folder: Path) -> tuple[float, float]:
    """Seconds to read the bytes, and to score what was read."""
    file = folder / "levels.npy"
    np.save(file, levels)
    reading = seconds(lambda: np.load(file), 3)
    took = seconds(lambda: numpy_scores(instrument, groups, levels), 3)
    say(f"Reading {levels.nbytes / 1e6:.0f} MB: {spread(reading)}")
    say(f"Bulk, NumPy, one core: {spread(took)}")
    _check("NumPy", instrument, levels, numpy_scores(instrument, groups, levels[:, :SAMPLE]))
    return statistics.median(reading), statistics.median(took)


def numpy_scores(instrument: Instrument, groups: Groups, levels: Levels) -> dict[str, Column]:
    """Every score of every assessment, NaN where it is withheld or nothing applies; "overall" among them.

    Sums are whole numbers and each score is one division, so that it is the float nearest to the exact one.
    """
    count = levels.shape[1]
    scores = {key: np.empty(count) for key in (*groups, "overall")}
    for start in range(0, count, BLOCK):
        block = levels[:, start : start + BLOCK]
        for key, column in _block(instrument, groups, block).items():
            scores[key][start : start + BLOCK] = column
    return scores


def _block(instrument: Instrument, groups: Groups, levels: Levels) -> dict[str, Column]:
    applicable = (levels != NOT_APPLICABLE).view(np.uint8)
    answered = ((levels != UNANSWERED) & (levels != NOT_APPLICABLE)).view(np.uint8)
    points = levels * answered
    minimum = float(instrument.min_coverage)

    def sums(rows: list[int]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        def total(of: Levels) -> NDArray[Any]:
            return of[rows].sum(axis=0, dtype=np.uint16)

        return total(points), total(answered), total(applicable)

    # Cells are added up from questions, areas and dimensions from cells.
    cells = {
        (area, dimension): sums(groups[f"{area}.{dimension}"])
        for area, dimension in product(instrument.areas, instrument.dimensions)
    }
    found: dict[str, Column] = {}
    whole = np.zeros(levels.shape[1], np.int64)
    places = np.zeros(levels.shape[1], np.int64)
    common = lcm(*range(1, max(map(len, groups.values())) + 1))
    everything = [0, 0]
    for area in instrument.areas:
        got, out_of, all_ = (sum(parts) for parts in zip(*(cells[area, d] for d in instrument.dimensions), strict=True))
        found[area] = _mean(got, out_of, all_, minimum)
        known = ~np.isnan(found[area])
        common_area = lcm(*range(1, len(groups[area]) + 1))
        whole += np.where(known, got.astype(np.int64) * common_area // np.maximum(out_of, 1), 0)
        places += known
        everything = [everything[0] + out_of, everything[1] + all_]
    raise NotImplementedError

"""Scores: one assessment in plain Python, a million in bulk, against the time to read the bytes.

    bin/bench score [--assessments N]

Bulk answers are levels, one byte each: 1 to 5, 0 unanswered, 255 not applicable. NumPy works block by block
on one core; Polars on all of them. Both are compared with the exact rule on a sample. Aim: one under 1 ms.
"""

import argparse
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import lcm
from pathlib import Path

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
Whole = NDArray[np.int16] | NDArray[np.int32]
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
    say(f"  {count:,} assessments x {len(instrument.questions)} answers, {len(groups) + 1} scores each,")
    say(f"  at most {own_memory():.0f} MB, invented answers included")
    say(f"  one by one they would take {one * count:.0f} s: {one * count / numpy_took:.0f} times the bulk")
    say(f"  ratio, NumPy to reading the bytes: {numpy_took / reading:.1f}")


def _one() -> float:
    """Seconds of one assessment by the exact rule, as it runs when a page or a report is made."""
    said = answers_file.read(CHECKOUT / "capofila" / "desk" / "demo" / "answers.yaml")
    took = seconds(lambda: scoring.score(said.instrument, said.answers, said.profile), 1000)
    say(f"One assessment, exact, plain Python: {spread([each * 1000 for each in took], 'ms')}")
    return statistics.median(took)


def _invented(instrument: Instrument, count: int) -> Levels:
    """Question x assessment: 5 % not applicable, and 2, 10 or 59 % unanswered by assessment."""
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
    keys = [(area, None) for area in instrument.areas] + [
        (None, dimension) for dimension in instrument.dimensions
    ]
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
    say(f"Reading {levels.nbytes / 1e6:.0f} MB: {spread(reading, decimals=3)}")
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
    areas, dimensions = instrument.areas, instrument.dimensions
    cells = [groups[f"{area}.{dimension}"] for area, dimension in product(areas, dimensions)]
    levels = levels[[place for cell in cells for place in cell]]
    asked = (levels != NOT_APPLICABLE).view(np.uint8)
    given = asked & (levels != UNANSWERED)
    shape = len(areas), len(dimensions), levels.shape[1]
    of_cells = Sums(*(_added(part, cells).reshape(shape) for part in (levels * given, given, asked)))
    of_areas, of_dimensions = of_cells.added(1), of_cells.added(0)
    share = instrument.min_coverage.as_integer_ratio()
    means = [sums.means(share) for sums in (of_areas, of_dimensions, of_cells)]
    rows = np.concatenate([mean.reshape(-1, levels.shape[1]) for mean in means])
    return {**dict(zip(groups, rows, strict=True)), "overall": _overall(means[0], of_areas, share)}


def _added(part: Levels, cells: list[list[int]]) -> Whole:
    """The sums of rows that stand together, a row per cell; no cell adds up to more than a byte holds."""
    ends = np.cumsum([len(cell) for cell in cells])
    rows = [part[end - len(cell) : end].sum(0, dtype=np.uint8) for cell, end in zip(cells, ends, strict=True)]
    return np.stack(rows).astype(np.int16)


@dataclass(frozen=True)
class Sums:
    """Whole numbers; the last axis is the assessment."""

    points: Whole
    given: Whole  # questions answered
    asked: Whole  # questions that apply

    def added(self, axis: int) -> "Sums":
        return Sums(*(part.sum(axis, dtype=np.int16) for part in (self.points, self.given, self.asked)))

    def means(self, share: tuple[int, int]) -> Column:
        return _divided(self.points, self.given, where=(self.given > 0) & self.covered(share))

    def covered(self, share: tuple[int, int]) -> NDArray[np.bool_]:
        """Where coverage reaches the share (numerator, denominator) that the instrument asks for."""
        covered: NDArray[np.bool_] = self.given * share[1] >= self.asked * share[0]
        return covered


def _overall(means: Column, of_areas: Sums, share: tuple[int, int]) -> Column:
    """The mean of the areas that are shown, brought to one denominator."""
    common = lcm(*range(1, int(of_areas.asked.max()) + 1))
    shown = ~np.isnan(means)
    parts = of_areas.points * np.int32(common) // np.maximum(of_areas.given, 1)
    whole = (shown * parts).sum(0, dtype=np.int32)
    count = shown.sum(0, dtype=np.int32)
    return _divided(whole, count * common, where=(count > 0) & of_areas.added(0).covered(share))


def _divided(one: Whole, other: Whole, *, where: NDArray[np.bool_]) -> Column:
    shares: Column = one / np.maximum(other, 1)
    shares[~where] = np.nan
    return shares


# Polars


def _polars(instrument: Instrument, groups: Groups, levels: Levels, folder: Path) -> None:
    """From Parquet, a column per question: null is unanswered, 0 not applicable."""
    file = folder / "levels.parquet"
    codes = [question.code for question in instrument.questions]
    columns = {
        code: pl.Series(row).replace([UNANSWERED, NOT_APPLICABLE], [None, 0])
        for code, row in zip(codes, levels, strict=True)
    }
    pl.DataFrame(columns).write_parquet(file)
    del columns
    reading = seconds(lambda: pl.read_parquet(file), 3)
    query = polars_scores(instrument, groups, pl.scan_parquet(file))
    took = seconds(lambda: query.collect(engine="streaming"), 3)
    say(f"Reading the same from Parquet, {file.stat().st_size / 1e6:.0f} MB: {spread(reading)}")
    say(f"Bulk, Polars, all cores, reading included: {spread(took)}")
    say(f"  ratio to reading: {statistics.median(took) / statistics.median(reading):.1f}")
    sample = polars_scores(instrument, groups, pl.scan_parquet(file).head(SAMPLE)).collect()
    _check(
        "Polars",
        instrument,
        levels,
        {key: sample[key].fill_null(np.nan).to_numpy() for key in sample.columns},
    )


def polars_scores(instrument: Instrument, groups: Groups, answers: pl.LazyFrame) -> pl.LazyFrame:
    """The same scores as one expression; null where withheld."""
    top, under = instrument.min_coverage.as_integer_ratio()

    def columns(key: str) -> list[pl.Expr]:
        return [pl.col(instrument.questions[place].code) for place in groups[key]]

    def added(key: str) -> list[pl.Expr]:
        return [
            pl.sum_horizontal(columns(key)).cast(pl.Int16).alias(f"{key} points"),
            pl.sum_horizontal(column > 0 for column in columns(key)).cast(pl.Int16).alias(f"{key} given"),
            pl.sum_horizontal(column.ne_missing(0) for column in columns(key))
            .cast(pl.Int16)
            .alias(f"{key} asked"),
        ]

    def joined(key: str, inside: list[str]) -> list[pl.Expr]:
        return [
            pl.sum_horizontal(f"{part} {what}" for part in inside).alias(f"{key} {what}")
            for what in ("points", "given", "asked")
        ]

    def mean(key: str, value: pl.Expr) -> pl.Expr:
        given, asked = pl.col(f"{key} given"), pl.col(f"{key} asked")
        return pl.when((given > 0) & (given * under >= asked * top)).then(value).alias(key)

    areas, dimensions = instrument.areas, instrument.dimensions
    cells = [
        expression
        for area, dimension in product(areas, dimensions)
        for expression in added(f"{area}.{dimension}")
    ]
    wider = [
        *(e for area in areas for e in joined(area, [f"{area}.{dimension}" for dimension in dimensions])),
        *(
            e
            for dimension in dimensions
            for e in joined(dimension, [f"{area}.{dimension}" for area in areas])
        ),
    ]
    means = [mean(key, pl.col(f"{key} points") / pl.col(f"{key} given")) for key in groups]
    return (
        answers.select(cells)
        .with_columns(wider)
        .with_columns(joined("overall", list(areas)))
        .with_columns(means)
        .select(*groups, mean("overall", pl.mean_horizontal(areas)))
    )


# The exact rule


def _check(name: str, instrument: Instrument, levels: Levels, found: Mapping[str, Column]) -> None:
    """Stops with the first score of the sample that is not the one of the exact rule."""
    equal = 0
    for place in range(min(SAMPLE, levels.shape[1])):
        expected = _exact(instrument, levels[:, place])
        for key, value in expected.items():
            bulk = float(found[key][place])
            if np.isnan(bulk) != (value is None) or (value is not None and abs(bulk - value) > 1e-12):
                raise SystemExit(f"{name} differs from the exact rule: {key} is {bulk}, expected {value}.")
            equal += value is None or bulk == value
    total = min(SAMPLE, levels.shape[1]) * len(found)
    say(f"  {name} against the exact rule on a sample: {total} scores agree, {equal} of them to the last bit")


def _exact(instrument: Instrument, column: Levels) -> dict[str, float | None]:
    answers = {
        question.code: Answer(reason="not ours") if level == NOT_APPLICABLE else Answer(value=int(level))
        for question, level in zip(instrument.questions, column, strict=True)
        if level != UNANSWERED
    }
    scores = scoring.score(instrument, answers)  # no profile: every question applies
    found = {
        **scores.areas,
        **scores.dimensions,
        **{f"{area}.{dimension}": score for (area, dimension), score in scores.cells.items()},
        "overall": scores.overall,
    }
    return {key: None if score.value is None else float(score.value) for key, score in found.items()}


if __name__ == "__main__":
    main()

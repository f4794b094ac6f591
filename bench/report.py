"""The report: a process from cold, and a warm worker, against WeasyPrint with the same document.

    bin/bench report [--runs N] [--warm N] [--language it|en]

The demonstration's company; WeasyPrint gets the same document model as HTML (`bench/_html.py`), PDF/UA both.
Aims: cold at least 8 times faster than WeasyPrint and about a second; warm one report per second and core.
"""

import argparse
import json
import os
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Literal

from bench._measure import (
    CHECKOUT,
    PYTHON,
    Run,
    children_memory,
    machine,
    median_run,
    own_memory,
    process,
    say,
    spread,
)

DEMO = CHECKOUT / "capofila" / "desk" / "demo"
FILES = [
    "--answers", str(DEMO / "answers.yaml"), "--company", str(DEMO / "company.yaml"),
    "--eu-answers", str(DEMO / "eu-answers.yaml"),
]  # fmt: skip
Engine = Literal["typst", "weasyprint"]
AIM_PAGES = 0.10  # the two documents may differ by this share of pages


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench report", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="cold processes of each engine (5)")
    parser.add_argument("--warm", type=int, default=10, help="reports of a warm worker (10)")
    parser.add_argument("--language", choices=("it", "en"), default="it")
    parser.add_argument(
        "--child", choices=("weasyprint-cold", "typst-warm", "weasyprint-warm"), help=argparse.SUPPRESS
    )
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--one-core", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is None:
        _compare(arguments.runs, arguments.warm, arguments.language)
    elif arguments.child == "weasyprint-cold":
        _weasyprint_cold(arguments.language, arguments.output)
    else:
        engine: Engine = "typst" if arguments.child == "typst-warm" else "weasyprint"
        print(json.dumps(_warm(engine, arguments.language, arguments.warm, one_core=arguments.one_core)))


def _compare(runs: int, warm: int, language: str) -> None:
    say(f"The demonstration's report, {language}; {machine()}; median (lowest to highest)")
    with tempfile.TemporaryDirectory(prefix="capofila-bench-") as folder:
        _cold(runs, language, Path(folder))
    say()
    every = _print_warm("Capofila's warm worker, all cores", _child("typst-warm", language, warm))
    if hasattr(os, "sched_setaffinity"):
        _print_warm("Capofila's warm worker, one core", _child("typst-warm", language, warm, "--one-core"))
    peer = _print_warm("WeasyPrint, warm", _child("weasyprint-warm", language, max(2, warm // 4)))
    say(f"  ratio, warm: {peer / every:.1f}")


def _cold(runs: int, language: str, folder: Path) -> None:
    """Whole processes, from reading the files to the written PDF, in turns."""
    files = folder / "ours.pdf", folder / "theirs.pdf"
    ours, word, html = (
        [
            PYTHON,
            "-m",
            "capofila",
            "report",
            *FILES,
            "--language",
            language,
            "-o",
            str(folder / f"ours.{form}"),
        ]
        for form in ("pdf", "docx", "html")
    )
    theirs = [
        PYTHON, "-m", "bench.report", "--child", "weasyprint-cold",
        "--language", language, "--output", str(files[1]),
    ]  # fmt: skip
    taken: tuple[list[Run], list[Run]] = ([], [])
    for _ in range(runs):
        for command, into in zip((ours, theirs), taken, strict=True):
            into.append(process(command))
    pages = _pages(files[0]), int(taken[1][0].output)
    for name, found, count in zip(("Capofila, cold", "WeasyPrint, cold"), taken, pages, strict=True):
        middle = median_run(found)
        say(f"{name}: {spread([run.seconds for run in found])}, processor {middle.processor:.2f} s,")
        say(f"  {count} pages, {count / middle.seconds:.1f} pages/s, at most {middle.memory:.0f} MB")
    if abs(pages[1] - pages[0]) > AIM_PAGES * pages[0]:
        say(f"  NOT COMPARABLE: {pages[0]} and {pages[1]} pages; adjust the CSS of bench/_html.py")
    clock, processor = (
        [[getattr(run, of) for run in found] for found in taken] for of in ("seconds", "processor")
    )
    say(f"  ratio, cold, by the clock: {_ratio(clock)}; by the processor: {_ratio(processor)}")
    for name, command in (("Word", word), ("HTML", html)):
        runs_of = [process(command) for _ in range(runs)]
        say(f"{name}, cold: {spread([run.seconds for run in runs_of])}, at most {runs_of[0].memory:.0f} MB")


def _ratio(taken: Sequence[Sequence[float]]) -> str:
    """Theirs to ours: of the medians, and of the fastest runs, which others on the machine disturb least."""
    ours, theirs = taken
    return f"{median(theirs) / median(ours):.1f} (fastest runs {min(theirs) / min(ours):.1f})"


def _pages(file: Path) -> int:
    from capofila.reports.pages import count  # noqa: PLC0415 (whoever measures processes imports little)

    return count(file.read_bytes())


def _child(name: str, language: str, warm: int, *flags: str) -> dict[str, Any]:
    command = [
        PYTHON,
        "-m",
        "bench.report",
        "--child",
        name,
        "--language",
        language,
        "--warm",
        str(warm),
        *flags,
    ]
    found: dict[str, Any] = json.loads(process(command).output.splitlines()[-1])
    return found


def _print_warm(name: str, found: dict[str, Any]) -> float:
    """Seconds per report, everything counted."""
    each = found["total"] / len(found["seconds"])
    rate = found["pages"] / found["total"]
    say(f"{name}: {spread(found['seconds'])},")
    say(f"  {1 / each:.2f} reports/s, {rate:.0f} pages/s, at most {found['memory']:.0f} MB")
    return float(each)


# In processes of their own


def _weasyprint_cold(language: str, output: Path) -> None:
    data, pages = _weasyprint(_Reports(language).document(0))
    output.write_bytes(data)
    print(pages)


def _warm(engine: Engine, language: str, runs: int, *, one_core: bool) -> dict[str, Any]:
    """Compose and render a different report each time, after one that does not count.

    Capofila's worker is replaced every few reports, as in use: what that costs is in the total.
    """
    if one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    reports = _Reports(language)
    took, pages = [], 0
    _render(engine, reports.document(0))
    for number in range(1, runs + 1):
        started = time.perf_counter()
        rendered = _render(engine, reports.document(number))
        took.append(time.perf_counter() - started)
        pages += rendered
    if engine == "typst":
        from capofila.lib import typst  # noqa: PLC0415

        typst._workshop.end()  # only then does the system say how much memory it had
    memory = children_memory() if engine == "typst" else own_memory()
    return {"seconds": took, "total": sum(took), "pages": pages, "memory": memory}


def _render(engine: Engine, document: Any) -> int:
    """The pages of a report that was rendered."""
    if engine == "weasyprint":
        return _weasyprint(document)[1]
    from capofila.lib.render import pdf  # noqa: PLC0415
    from capofila.reports.pages import count  # noqa: PLC0415

    return count(pdf.render(document))


def _weasyprint(document: Any) -> tuple[bytes, int]:
    from bench._html import html  # noqa: PLC0415

    weasyprint = import_module("weasyprint")
    laid_out = weasyprint.HTML(string=html(document)).render()
    return laid_out.write_pdf(pdf_variant="pdf/ua-1"), len(laid_out.pages)


class _Reports:
    """Reports of the demonstration's company: number 0 its own, the others with every level moved."""

    def __init__(self, language: str) -> None:
        from capofila.assessments import answers_file  # noqa: PLC0415
        from capofila.companies import company_file  # noqa: PLC0415
        from capofila.roadmap.goals import goals  # noqa: PLC0415

        self.language = language
        self.company = company_file.read(DEMO / "company.yaml", goals())
        self.submission = answers_file.read(DEMO / "answers.yaml")
        self.eu = answers_file.read(DEMO / "eu-answers.yaml")

    def document(self, number: int) -> Any:
        from capofila.reports.compose import compose  # noqa: PLC0415

        answers = {
            code: replace(answer, value=_moved(answer.value, f"{number} {code}") if number else answer.value)
            for code, answer in self.submission.answers.items()
        }
        return compose(replace(self.submission, answers=answers), self.company, self.language, self.eu)


def _moved(level: object, seed: str) -> int | None:
    return 1 + (level + zlib.crc32(seed.encode())) % 5 if isinstance(level, int) else None


if __name__ == "__main__":
    main()

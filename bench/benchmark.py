"""The benchmark: 100,000 assessments frozen over four quarters, then one company's page.

    bin/bench benchmark [--assessments N]

A database of its own in a temporary folder. The scores are invented: what is measured is the freeze without
reading answers, and the page and its figures as a consultant gets them, answers of one company included.
Aim: the page under 100 ms.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench._measure import machine, own_memory, say, seconds, spread

QUARTERS = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
TODAY = date(2026, 11, 22)
SECTORS = {"manufacturing": 50, "trade": 15, "information": 10, "construction": 15, "transport": 10}
SIZES = {"micro": 40, "small": 35, "medium": 20, "": 5}
PROVINCES = ["BG", "BS", "CO", "CR", "LC", "LO", "MB", "MI", "MN", "PV", "SO", "VA"]
PARTNERS = 12
RUNS = 30


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench benchmark", description=__doc__)
    parser.add_argument("--assessments", type=int, default=100_000, help="in all (100000)")
    count = parser.parse_args().assessments
    say(f"Benchmark of {count:,} assessments; {machine()}; median (lowest to highest)")
    with tempfile.TemporaryDirectory(prefix="capofila-bench-") as folder:
        _ready(Path(folder))
        _measured(count)


def _ready(folder: Path) -> None:
    """Django on an empty database of its own."""
    os.environ |= {"CAPOFILA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "capofila.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 (the settings are there only now)

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def _measured(count: int) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from capofila.assessments import benchmark  # noqa: PLC0415
    from capofila.assessments.models import Assessment, BenchmarkGroup  # noqa: PLC0415
    from capofila.consortium.tests.builders import make_lead, make_member, make_partner  # noqa: PLC0415

    make_lead()
    partners = [make_partner(f"Partner {number}") for number in range(PARTNERS)]
    user = make_member("Alice", "lead-administrator").user
    started = time.perf_counter()
    own = _entered(count, partners)
    say(f"  entering them (not part of the product's work): {time.perf_counter() - started:.0f} s")
    _frozen()
    published = BenchmarkGroup.objects.exclude(cohort="").values("key").distinct().count()
    say(f"  {published} groups are published")

    assessment = Assessment.objects.select_related("company").get(pk=own)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    path = f"/assessments/{own}/benchmark/"
    for name, query in (("smallest group", ""), ("all companies", "?group=all")):
        first = client.get(path + query)
        assert first.status_code == 200, (first.status_code, first.get("Location"))
        _told(f"page, {name}", partial(client.get, path + query))
    _told("API", partial(client.get, f"/api/assessments/{own}/benchmark"))
    _told("peers alone", partial(benchmark.peers, assessment, own={}))
    say(f"  at most {own_memory():.0f} MB, freezing included")


def _entered(count: int, partners: Sequence[Any]) -> int:
    """Companies with a completed assessment each, over the quarters; which one is looked at."""
    from capofila.assessments.models import Assessment, Milestone  # noqa: PLC0415
    from capofila.assessments.tests.entries import answer_everything  # noqa: PLC0415
    from capofila.companies.models import Company, Serving  # noqa: PLC0415
    from capofila.companies.tests.builders import NOON  # noqa: PLC0415

    pick = random.Random(1)
    companies = [
        Company(
            name=f"Officina {number}",
            sector=pick.choices(list(SECTORS), list(SECTORS.values()))[0],
            size=pick.choices(list(SIZES), list(SIZES.values()))[0],
            province=PROVINCES[number % len(PROVINCES)],
            profile="manufacturing",
            created_at=NOON,
        )
        for number in range(count)
    ]
    companies[0].sector, companies[0].size = "manufacturing", "small"
    Company.objects.bulk_create(companies, batch_size=2_000)
    Serving.objects.bulk_create(
        [
            Serving(company=each, partner=partners[at % PARTNERS], since=date(2025, 1, 1))
            for at, each in enumerate(companies)
        ],
        batch_size=2_000,
    )
    assessments = [
        Assessment(
            company=each, instrument="digital-maturity", version="1.0", profile="manufacturing",
            state="draft" if at == 0 else "complete", created_at=NOON,
            day=date(2025, 10, 1) + timedelta(days=at * 360 // count),
        )
        for at, each in enumerate(companies)
    ]  # fmt: skip
    Assessment.objects.bulk_create(assessments, batch_size=2_000)
    answer_everything(assessments[0])
    Assessment.objects.filter(pk=assessments[0].pk).update(state="complete")
    Milestone.objects.create(assessment=assessments[0], kind="completed", at=NOON)
    return assessments[0].pk


def _frozen() -> None:
    from capofila.assessments import benchmark_freezing  # noqa: PLC0415
    from capofila.companies.tests.builders import NOON  # noqa: PLC0415

    for on in QUARTERS:
        started = time.perf_counter()
        row = benchmark_freezing.freeze("digital-maturity", on, today=TODAY, at=NOON, score=_invented)
        entered = sum(batch.members.count() for batch in row.batches.all())
        took = time.perf_counter() - started
        say(f"  frozen on {on}: {took:.1f} s, {entered:,} entered in {row.batches.count()} batches")


def _invented(assessments: Sequence[Any]) -> Mapping[int, Mapping[str, int | None]]:
    from capofila.instruments import library  # noqa: PLC0415

    areas = library.load("digital-maturity").areas
    pick = random.Random(2)
    return {
        each.pk: {measure: min(500, max(100, round(pick.gauss(270, 60)))) for measure in ("overall", *areas)}
        for each in assessments
    }


def _told(name: str, work: Callable[[], object]) -> None:
    """By the clock, and the time of the processor, which others on the machine disturb less."""
    work()
    took = [each * 1000 for each in seconds(work, RUNS)]
    started = time.process_time()
    seconds(work, RUNS)
    processor = (time.process_time() - started) * 1000 / RUNS
    say(f"  {name}: {spread(took, 'ms', 0)}; processor {processor:.0f} ms")


if __name__ == "__main__":
    main()

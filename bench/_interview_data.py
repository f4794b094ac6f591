"""What `bench.interview` measures with, in a process of its own that knows the database.

python -m bench._interview_data fill ASSESSMENTS WRITERS     prints the writers as JSON
python -m bench._interview_data open COMPANIES               prints what opening pages costs
"""

import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capofila.settings")
django.setup()

# Only now: models need the settings.
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from capofila.accounts.models import User  # noqa: E402
from capofila.assessments import queries  # noqa: E402
from capofila.assessments.models import AnswerEntry, Assessment  # noqa: E402
from capofila.companies.models import Company, Serving  # noqa: E402
from capofila.consortium import actions as consortium  # noqa: E402
from capofila.consortium.models import Membership, Partner  # noqa: E402
from capofila.instruments import library  # noqa: E402

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = date(2024, 1, 1)
INSTRUMENT = library.load("digital-maturity@1.0")
QUESTIONS = [question.code for question in INSTRUMENT.applicable("manufacturing")]
ENTRIES = 2_000  # of the assessment that is opened
OPENINGS = 15


def partner() -> Partner:
    return Partner.objects.first() or consortium.found(hub="Banco", lead_partner="Banco di prova", at=NOON)


def fill(assessments: int, writers: int) -> None:
    """So many assessments of as many companies, all their questions answered: the writers' and two more."""
    started = time.perf_counter()
    serving = partner()
    have = Assessment.objects.count()
    companies = Company.objects.bulk_create(
        Company(name=f"Impresa {number:05d}", profile="manufacturing", created_at=NOON)
        for number in range(have, max(assessments, writers + 2))
    )
    Serving.objects.bulk_create(Serving(company=one, partner=serving, since=LONG_AGO) for one in companies)
    rows = Assessment.objects.bulk_create(
        Assessment(
            company=one, instrument="digital-maturity", version="1.0", profile="manufacturing",
            day=NOON.date(), created_at=NOON,
        )
        for one in companies
    )  # fmt: skip
    if rows:
        if have:
            untouched = Assessment.objects.filter(pk__lt=rows[0].pk).order_by("pk").reverse()[0]
        else:
            *rows, untouched = rows
            AnswerEntry.objects.bulk_create(answer(untouched, code) for code in QUESTIONS)
        copy_answers(untouched, rows[0], rows[-1])
    chosen = Assessment.objects.order_by("pk")[:writers]
    people = [writer(row, number, serving) for number, row in enumerate(chosen)]
    seconds = time.perf_counter() - started
    print(json.dumps({"writers": people, "entries": AnswerEntry.objects.count(), "seconds": seconds}))


def copy_answers(source: Assessment, first: Assessment, last: Assessment) -> None:
    """By the database itself: a million rows in a minute. The ids are as random as a device's."""
    new = {
        "id": "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))",
        "assessment_id": "taker.id",
    }
    columns = [str(field.column) for field in AnswerEntry._meta.concrete_fields]
    named = ", ".join(f'"{name}"' for name in columns)
    chosen = ", ".join(new.get(name, f'given."{name}"') for name in columns)
    entries, assessments = AnswerEntry._meta.db_table, Assessment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size=-500000")
        cursor.execute(
            f"INSERT INTO {entries} ({named}) SELECT {chosen} "
            f"FROM {entries} AS given, {assessments} AS taker "
            "WHERE given.assessment_id = %s AND taker.id BETWEEN %s AND %s",
            [source.pk, first.pk, last.pk],
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # what its own housekeeping does within a minute


def answer(assessment: Assessment, code: str, replaces: list[str] | None = None) -> AnswerEntry:
    return AnswerEntry(
        id=uuid.uuid4(), assessment=assessment, question=code, state="answered", value=3, role="consultant",
        device="bench", device_time=NOON, received_at=NOON, replaces=replaces or [],
    )  # fmt: skip


def writer(assessment: Assessment, number: int, serving: Partner) -> dict[str, object]:
    user, is_new = User.objects.get_or_create(
        email=f"writer{number}@example.org", defaults={"name": "Writer"}
    )
    if is_new:
        Membership.objects.create(user=user, partner=serving, role="consultant", since=LONG_AGO)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    held = {one: str(current.entry.id) for one, current in queries.current(assessment).items()}
    return {"user": user.pk, "session": session.session_key, "assessment": assessment.pk, "held": held}


def opening(companies: int) -> None:
    """Server time, statements and bytes of what is opened most, in this very process."""
    serving = partner()
    missing = range(Company.objects.count(), companies)
    made = Company.objects.bulk_create(Company(name=f"Impresa {n:05d}", created_at=NOON) for n in missing)
    Serving.objects.bulk_create(Serving(company=one, partner=serving, since=LONG_AGO) for one in made)
    short, long = Assessment.objects.order_by("-pk")[:2]  # no writer had them
    talk_over(long)
    client = Client(HTTP_HOST="localhost")
    user = User.objects.get(email="writer0@example.org")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    area = INSTRUMENT.areas[0]
    for one in (short, long):
        entries = one.entries.count()
        for name, path in (
            ("interview page", f"/assessments/{one.pk}/areas/{area}/"),
            ("overview of the assessment", f"/assessments/{one.pk}/"),
            ("state of the assessment (API)", f"/api/assessments/{one.pk}"),
        ):
            print(f"{name}, {entries} entries: {measured(lambda path=path: client.get(path))}")  # type: ignore[misc]
    registry = f"registry, {Company.objects.count()} companies"
    print(f"{registry}: {measured(lambda: client.get('/companies/'))}")
    print(f"{registry}, searched: {measured(lambda: client.get('/companies/?q=impresa 00042'))}")


def talk_over(assessment: Assessment) -> None:
    """As if every answer had been changed again and again, each entry in place of the one before."""
    last = {row.question: str(row.pk) for row in assessment.entries.all()}
    rows = []
    for number in range(max(ENTRIES - assessment.entries.count(), 0)):
        code = QUESTIONS[number % len(QUESTIONS)]
        row = answer(assessment, code, [last[code]] if code in last else None)
        last[code] = str(row.pk)
        rows.append(row)
    AnswerEntry.objects.bulk_create(rows)


def measured(get: Callable[[], object]) -> str:
    first = get()
    if getattr(first, "status_code", 0) != 200:
        return f"not there ({getattr(first, 'status_code', 0)})"
    with CaptureQueriesContext(connection) as captured:
        get()
    statements = len(captured)  # told now: the next request begins its list anew
    took = []
    for _ in range(OPENINGS):
        started = time.perf_counter()
        get()
        took.append(1000 * (time.perf_counter() - started))
    size = len(getattr(first, "content", b"")) / 1000
    return (
        f"{statistics.median(took):.0f} ms ({min(took):.0f} at best), {statements} statements, {size:.0f} kB"
    )


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]))
    else:
        opening(int(sys.argv[2]))

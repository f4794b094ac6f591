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
OPENINGS = 9


def partner() -> Partner:
    return Partner.objects.first() or consortium.found(hub="Banco", lead_partner="Banco di prova", at=NOON)


def fill(assessments: int, writers: int) -> None:
    """So many assessments with all their answers, one for each writer among them."""
    serving = partner()
    have = Assessment.objects.count()
    companies = Company.objects.bulk_create(
        Company(name=f"Impresa {number:05d}", profile="manufacturing", created_at=NOON)
        for number in range(have, max(assessments, writers))
    )
    Serving.objects.bulk_create(Serving(company=one, partner=serving, since=LONG_AGO) for one in companies)
    rows = Assessment.objects.bulk_create(
        Assessment(
            company=one, instrument="digital-maturity", version="1.0", profile="manufacturing",
            day=NOON.date(), created_at=NOON,
        )
        for one in companies
    )  # fmt: skip
    for start in range(0, len(rows), 100):
        AnswerEntry.objects.bulk_create(
            answer(row, code) for row in rows[start : start + 100] for code in QUESTIONS
        )
    chosen = Assessment.objects.order_by("pk")[:writers]
    print(json.dumps([writer(row, number, serving) for number, row in enumerate(chosen)]))


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
    return {
        "user": user.pk, "session": session.session_key, "assessment": assessment.pk, "questions": QUESTIONS,
    }  # fmt: skip


def opening(companies: int) -> None:
    """Server time, statements and bytes of what is opened most, in this very process."""
    serving = partner()
    missing = range(Company.objects.count(), companies)
    made = Company.objects.bulk_create(Company(name=f"Impresa {n:05d}", created_at=NOON) for n in missing)
    Serving.objects.bulk_create(Serving(company=one, partner=serving, since=LONG_AGO) for one in made)
    assessment = Assessment.objects.order_by("pk")[0]
    last = {row.question: str(row.pk) for row in assessment.entries.all()}
    rows = []
    for number in range(max(ENTRIES - assessment.entries.count(), 0)):
        code = QUESTIONS[number % len(QUESTIONS)]
        row = answer(assessment, code, [last[code]] if code in last else None)
        last[code] = str(row.pk)
        rows.append(row)
    AnswerEntry.objects.bulk_create(rows)
    client = Client(HTTP_HOST="localhost")
    user = User.objects.get(email="writer0@example.org")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    entries = assessment.entries.count()
    for name, path in (
        (f"the state of an assessment, {entries} entries", f"/api/assessments/{assessment.pk}"),
        (
            f"the interview page, {entries} entries",
            f"/assessments/{assessment.pk}/areas/{INSTRUMENT.areas[0]}/",
        ),
        (f"the registry, {Company.objects.count()} companies", "/companies/"),
    ):
        print(f"{name}: {measured(lambda path=path: client.get(path))}")  # type: ignore[misc]


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
    return f"{statistics.median(took):.0f} ms, {statements} statements, {size:.0f} kB"


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]))
    else:
        opening(int(sys.argv[2]))

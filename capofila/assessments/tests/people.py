"""Who meets around an assessment: Alice and Bob interview, Carla answers for the company; strangers."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.test import Client

from capofila.accounts.models import User
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import QUESTION, make_assessment
from capofila.companies.models import Company, Contact, Serving
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium.models import Partner
from capofila.consortium.tests.builders import LONG_AGO, make_member, make_partner, make_user


@dataclass(frozen=True)
class Scene:
    """A company served by one partner of two, with an assessment in which all areas are open to it."""

    assessment: Assessment
    partner: Partner
    alice: User
    carla: User

    @property
    def path(self) -> str:
        return f"/api/assessments/{self.assessment.pk}"


def serve(company: Company, partner: Partner) -> None:
    Serving.objects.create(company=company, partner=partner, since=LONG_AGO)


def make_scene(**facts: Any) -> Scene:
    partner, company = make_partner(), make_company()
    serve(company, partner)
    assessment = make_assessment(company, **facts)
    Assessment.objects.filter(pk=assessment.pk).update(prefill_areas=["str", "prd"])
    carla = make_user("Carla", by_link=True)
    Contact.objects.create(company=company, user=carla, name="Carla", email=carla.email)
    return Scene(assessment, partner, make_member("Alice", partner=partner).user, carla)


def signed_in(user: User, **facts: Any) -> Client:
    client = Client(HTTP_HOST="localhost", **facts)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def entry(value: object = 3, **facts: Any) -> dict[str, Any]:
    """One answer as a device sends it, at level 3 unless the test says otherwise."""
    return {
        "format": 1,
        "id": str(uuid.uuid4()),
        "question": QUESTION,
        "state": "answered",
        "value": value,
        "device": "tablet",
        "device_time": NOON.isoformat(),
        **facts,
    }


def send(scene: Scene, user: User, *entries: object, client: Client | None = None) -> Any:
    """The answer to a batch; the test client skips the CSRF check unless it is told to make it."""
    post = partial((client or signed_in(user)).post, content_type="application/json")
    return post(f"{scene.path}/entries", json.dumps({"author": user.pk, "entries": list(entries)}))


def results(response: Any) -> list[tuple[str, int, str | None]]:
    """Outcome, status and code of the problem, in order."""
    return [
        (found["outcome"], found["status"], (found["problem"] or {}).get("code"))
        for found in response.json()["results"]
    ]


def state(scene: Scene, user: User, question: str = QUESTION) -> Mapping[str, Any]:
    found: Mapping[str, Any] = signed_in(user).get(scene.path).json()["questions"][question]
    return found

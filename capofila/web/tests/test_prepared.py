from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, Q, QuerySet, UUIDField
from django.db.models.functions import Upper

from capofila.web.prepared import Prepared, given

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
COLUMNS = ("session_key", "session_data", "expire_date")


@pytest.fixture(autouse=True)
def sessions() -> None:
    Session.objects.bulk_create(
        Session(session_key=key, session_data=f"of {key}", expire_date=NOON + timedelta(days=day))
        for day, key in enumerate(["alice", "bob", "carla"])
    )


def which(key: Any, at: Any) -> QuerySet[Session, Any]:
    found = Session.objects.filter(Q(session_key=key) | Q(session_key="carla"), expire_date__gt=at)
    return found.order_by("session_key").values_list(*COLUMNS)


@pytest.mark.parametrize("key", ["alice", "bob", "carla", "nobody", "o'hara %s"])
@pytest.mark.parametrize("days", [-1, 0, 1, 2])
def test_a_prepared_query_finds_what_its_queryset_finds(key: str, days: int) -> None:
    at = NOON + timedelta(days=days)
    prepared = Prepared(lambda: which(given("key", CharField()), given("at", DateTimeField())))

    assert prepared.rows(key="before", at=NOON) == list(which("before", NOON))
    assert prepared.rows(key=key, at=at) == list(which(key, at))


def test_django_writes_the_query_once() -> None:
    asked: list[str] = []

    def ask() -> QuerySet[Session, Any]:
        asked.append("once")
        return which(given("key", CharField()), given("at", DateTimeField()))

    prepared = Prepared(ask)
    for key in ("alice", "bob", "alice"):
        prepared.rows(key=key, at=NOON)

    assert asked == ["once"]


def test_rows_as_they_are_stored_can_be_read_one_by_one() -> None:
    prepared = Prepared(lambda: which(given("key", CharField()), given("at", DateTimeField())))

    stored = prepared.stored(key="bob", at=NOON)

    assert [prepared.read(row) for row in stored] == prepared.rows(key="bob", at=NOON)


def test_lists_and_functions_of_values_that_come_later() -> None:
    keys = [given(f"key{place}", CharField()) for place in range(2)]
    found = Session.objects.filter(session_key__in=keys).order_by("session_key")
    prepared = Prepared(lambda: found.values_list(Upper("session_key")))

    assert prepared.rows(key0="bob", key1="alice") == [("ALICE",), ("BOB",)]


def test_a_value_that_is_missing_is_a_mistake() -> None:
    prepared = Prepared(lambda: which(given("key", CharField()), given("at", UUIDField())))

    with pytest.raises(KeyError):
        prepared.rows(key="bob")


def test_a_question_that_nothing_can_answer_has_no_rows() -> None:
    prepared = Prepared(lambda: Session.objects.filter(session_key__in=[]).values_list("session_key"))

    assert prepared.rows() == []

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from capofila.journal import chain
from capofila.journal.chain import About

SAID: dict[str, Any] = {
    "previous": chain.BEGINNING,
    "event": "aid.granted",
    "person": uuid.UUID(int=1),
    "digest": "d" * 64,
    "about": About("aid", "entry", "7"),
    "facts": {"cents": 1000000, "regime": "de-minimis"},
    "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
}


def test_the_hash_is_the_one_worked_out_in_the_documentation() -> None:
    assert chain.seal(**SAID) == "f211f72bd02756054e3946b944ad5257aa70e31ec7b316157158b0345c068c0f"


@pytest.mark.parametrize(
    "change",
    [
        {"previous": "1" * 64},
        {"event": "aid.reversed"},
        {"person": uuid.UUID(int=2)},
        {"digest": "e" * 64},
        {"about": About("aid", "entry", "8")},
        {"about": About("aid", "entr", "y7")},
        {"facts": {"cents": 1000001, "regime": "de-minimis"}},
        {"facts": {}},
        {"at": datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC)},
    ],
)
def test_whatever_is_changed_changes_the_hash(change: dict[str, Any]) -> None:
    assert chain.seal(**{**SAID, **change}) != chain.seal(**SAID)


def test_the_same_moment_on_another_clock_and_facts_in_another_order_are_the_same() -> None:
    rome = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    facts = dict(reversed(SAID["facts"].items()))

    assert chain.seal(**{**SAID, "at": rome, "facts": facts}) == chain.seal(**SAID)


def test_a_name_is_not_guessed_from_its_digest_without_the_salt() -> None:
    first = chain.digest(salt="0" * 32, name="Alice", role="consultant")

    assert first != chain.digest(salt="1" * 32, name="Alice", role="consultant")
    assert first != chain.digest(salt="0" * 32, name="Alicec", role="onsultant")


def test_facts_are_kept_as_every_database_gives_them_back() -> None:
    facts = {
        "on": date(2026, 3, 1),
        "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "share": Decimal("0.50"),
        "report": uuid.UUID(int=3),
        "instrument": "digital-maturity@1.0",
        "areas": ("prd", "qua"),
        "changed": {"size": [None, True, 3]},
    }

    assert chain.plain(facts) == {
        "on": "2026-03-01",
        "at": "2026-03-01T12:00:00+00:00",
        "share": "0.50",
        "report": "00000000-0000-0000-0000-000000000003",
        "instrument": "digital-maturity@1.0",
        "areas": ["prd", "qua"],
        "changed": {"size": [None, True, 3]},
    }


@pytest.mark.parametrize(
    "fact",
    [0.5, 2**60, b"bytes", object(), "nul\0", "\ud800", "x" * 201, "write to alice@example.org", {1: "key"}],
)
def test_what_a_journal_should_not_keep_is_refused(fact: object) -> None:
    with pytest.raises(ValueError, match=r"journal|surrogates"):
        chain.plain([fact])

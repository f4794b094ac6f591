"""Who enters the benchmark at the end of a quarter, who does not, and what stays as it was."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import Error, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capofila.assessments import actions, benchmark, benchmark_entrants, benchmark_freezing, benchmark_tasks
from capofila.assessments.benchmark_freezing import CannotFreeze
from capofila.assessments.models import (
    Assessment,
    BenchmarkBatch,
    BenchmarkFreeze,
    BenchmarkGroup,
    BenchmarkMember,
)
from capofila.assessments.rules import cohorts
from capofila.assessments.rules.benchmark import Published
from capofila.assessments.tests.entries import answer_everything, make_assessment
from capofila.assessments.tests.peers import (
    AREAS,
    INSTRUMENT,
    JUNE,
    LATER,
    MARCH,
    SEPTEMBER,
    Peers,
    completed,
)
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding
from capofila.companies.tests.builders import NOON
from capofila.consortium import actions as consortium
from capofila.consortium.tests.builders import make_lead, make_partner

pytestmark = pytest.mark.django_db
SEVEN = [210, 240, 250, 260, 280, 300, 330]
BG = "manufacturing/small/BG"


@pytest.fixture
def peers() -> Peers:
    make_lead()
    return Peers()


def members() -> set[int]:
    return set(BenchmarkMember.objects.values_list("assessment", flat=True))


def whys() -> dict[str, str]:
    return dict(BenchmarkGroup.objects.order_by("freeze__on").values_list("key", "why"))


def test_seven_companies_enter_their_group_and_all_larger_ones(peers: Peers) -> None:
    peers.assessed(SEVEN)

    peers.freeze(MARCH)

    found = {row.key: row for row in BenchmarkGroup.objects.all()}
    assert set(found) == {"", "manufacturing", "manufacturing/small", BG}
    assert found[BG].companies == 7
    assert found[BG].cohort.startswith("2026Q1-manufacturing-small-BG-")
    assert found[BG].figures["prd"] == {"units": 7, "counts": {str(value): 1 for value in SEVEN}}


def test_six_companies_stay_outside_and_the_groups_say_why(peers: Peers) -> None:
    peers.assessed(SEVEN[:6])

    peers.freeze(MARCH)

    assert members() == set()
    assert not BenchmarkGroup.objects.exclude(cohort="").exists()


def test_frozen_twice_is_frozen_once(peers: Peers) -> None:
    peers.assessed(SEVEN)
    first = peers.freeze(MARCH)
    peers.assessed(SEVEN)

    assert peers.freeze(MARCH) == first
    assert len(members()) == 7


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 3, 30), "benchmark.not-a-quarter-end"),
        (date(2027, 6, 30), "benchmark.not-over"),
        (date(2025, 12, 31), "benchmark.frozen-later"),
    ],
)
def test_what_cannot_be_frozen_is_refused(peers: Peers, on: date, code: str) -> None:
    peers.freeze(MARCH)

    with pytest.raises(CannotFreeze) as refused:
        peers.freeze(on)

    assert refused.value.code == code


def test_what_was_published_is_neither_changed_nor_removed(peers: Peers) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)

    for model in (BenchmarkFreeze, BenchmarkBatch, BenchmarkMember, BenchmarkGroup):
        with pytest.raises(Error), transaction.atomic():
            model.objects.all().delete()
    with pytest.raises(Error), transaction.atomic():
        BenchmarkGroup.objects.update(companies=6)


def test_a_group_that_too_few_joined_keeps_its_row(peers: Peers) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)
    peers.assessed([500], on=date(2026, 5, 1))

    june = peers.freeze(JUNE)

    assert not BenchmarkGroup.objects.filter(freeze=june).exists()


def test_the_newest_completed_assessment_of_the_day_counts(peers: Peers) -> None:
    first = peers.assessed(SEVEN)
    again = peers.assessed([400], company=first[0].company, stage="T1", on=date(2026, 3, 20))
    peers.assessed([410], company=first[1].company, stage="T1", on=date(2026, 4, 1))

    peers.freeze(MARCH)

    assert members() == {each.pk for each in (*first[1:], *again)}


def test_what_is_open_or_was_completed_later_is_not_counted(peers: Peers) -> None:
    found = peers.assessed([*SEVEN, 300, 310])
    Assessment.objects.filter(pk=found[7].pk).update(state="draft")
    completed(found[8], date(2026, 4, 1))

    peers.freeze(MARCH)

    assert members() == {each.pk for each in found[:7]}


def test_a_company_without_an_overall_score_is_not_counted(peers: Peers) -> None:
    peers.assessed([*SEVEN, {"overall": None, "prd": 300}])

    peers.freeze(MARCH)

    assert len(members()) == 7


def test_a_company_is_counted_once_until_its_batch_leaves(peers: Peers) -> None:
    first = peers.assessed([*SEVEN, 340])
    peers.freeze(MARCH)
    for each in first[:3]:
        peers.assessed([400], company=each.company, stage="T1", on=date(2026, 5, 1))

    peers.freeze(JUNE)
    assert len(members()) == 8  # three of eight were assessed again: they wait, with their batch

    again = [
        *peers.assessed([410], company=first[3].company, stage="T1", on=date(2026, 8, 1)),
        *peers.assessed(SEVEN, on=date(2026, 8, 1)),
    ]
    peers.freeze(SEPTEMBER)
    live = BenchmarkMember.objects.filter(batch__end__isnull=True)
    assert live.count() == 4 + 7  # the batch left with all; four come again, by their second assessment
    assert {each.pk for each in again} <= set(live.values_list("assessment", flat=True))


def test_a_group_whose_batches_all_left_says_that_there_are_too_few(peers: Peers) -> None:
    first = peers.assessed(SEVEN)
    peers.freeze(MARCH)
    for each in first[:4]:
        peers.assessed([400], company=each.company, stage="T1", on=date(2026, 5, 1))

    peers.freeze(JUNE)

    assert whys()[BG] == "too-few"
    assert benchmark.compared(first[0], own={}).chosen is None


# Who is never counted


def test_demonstration_companies_never_feed_the_benchmark_of_a_real_hub(peers: Peers) -> None:
    peers.assessed(SEVEN, is_demo=True)
    real = peers.assessed(SEVEN)

    peers.freeze(MARCH)

    assert members() == {each.pk for each in real}
    assert not benchmark_entrants.counted(INSTRUMENT, is_demo=False).filter(company__is_demo=True).exists()


def test_a_demonstration_hub_compares_its_invented_companies_and_no_real_one() -> None:
    consortium.found(hub="Polo di prova", lead_partner="Officina Digitale", at=NOON, is_demo=True)
    peers = Peers()
    peers.assessed(SEVEN)
    invented = peers.assessed(SEVEN, is_demo=True)

    peers.freeze(MARCH)

    assert members() == {each.pk for each in invented}
    assert benchmark.compared(invented[0], own={}).is_demo


def test_what_a_demonstration_froze_is_not_read_by_a_real_hub() -> None:
    partner = consortium.found(hub="Polo", lead_partner="Officina Digitale", at=NOON, is_demo=True)
    peers = Peers()
    invented = peers.assessed(SEVEN, is_demo=True)
    peers.freeze(MARCH)
    partner.hub.is_demo = False
    partner.hub.save()

    assert benchmark.compared(invented[0], own={}).chosen is None


def test_a_company_that_went_into_another_is_not_counted_beside_it(peers: Peers) -> None:
    found = peers.assessed([*SEVEN, 300])
    Company.objects.filter(pk=found[7].company_id).update(merged_into=found[0].company_id)

    peers.freeze(MARCH)

    assert members() == {each.pk for each in found[:7]}


# Undertakings and partners


def test_linked_companies_are_one_undertaking(peers: Peers) -> None:
    found = peers.assessed(SEVEN)
    one, other, third = (Enterprise.objects.create(company=each.company) for each in found[:3])
    Holding.objects.create(owner=one, of=other, capital=60, votes=60)
    EnterpriseLink.objects.create(one=other, other=third, by="agreement")

    tied = benchmark_entrants.undertakings(MARCH)
    peers.freeze(MARCH)

    assert len(set(tied.values())) == 1
    assert set(tied) == {each.company_id for each in found[:3]}
    assert members() == set()


@pytest.mark.parametrize(
    ("facts", "linked"),
    [
        ({"capital": 50, "votes": 50}, False),
        ({"capital": 51, "votes": 10}, True),
        ({"capital": 80, "votes": 80, "until": MARCH}, False),
        ({"capital": 80, "votes": 80, "since": MARCH + timedelta(days=1)}, False),
    ],
)
def test_who_holds_more_than_half_that_day_is_linked(
    peers: Peers, facts: dict[str, object], linked: bool
) -> None:
    found = peers.assessed(SEVEN[:2])
    one, other = (Enterprise.objects.create(company=each.company) for each in found)
    Holding.objects.create(owner=one, of=other, **facts)

    assert bool(benchmark_entrants.undertakings(MARCH)) is linked


def test_one_company_of_another_partner_does_not_enter_with_those_of_one_that_knows_all_others(
    peers: Peers,
) -> None:
    ours = peers.assessed(SEVEN, partner=make_partner("ours"))
    peers.assessed([400], partner=make_partner("theirs"))

    peers.freeze(MARCH)

    assert members() == {each.pk for each in ours}


# Scores


def test_scores_are_counted_as_they_are_printed(peers: Peers) -> None:
    company = Company.objects.create(name="Vetreria", created_at=NOON)
    assessment = make_assessment(company)
    answer_everything(assessment)

    found = benchmark_entrants.scores([assessment])[assessment.pk]

    assert dict(found) == dict.fromkeys(("overall", *AREAS), 300)


def test_peers_stand_at_the_median_or_at_the_mean_of_too_few_for_one(peers: Peers) -> None:
    few = peers.assessed(SEVEN)
    many = peers.assessed(range(200, 320, 10), size="medium")
    peers.freeze(MARCH)

    assert float(benchmark.peers(few[6], own={})["prd"]) == 2.57  # of the six others
    assert float(benchmark.peers(many[0], own={})["prd"]) == 2.60  # of 2.10 to 3.10


def test_the_overall_mean_is_that_of_the_areas(peers: Peers) -> None:
    """A mean of its own would tell, after subtraction, of the one company that lacks an area."""
    values = [{"overall": 290 + at, "prd": 200 + at, "log": 300 + at if at else None} for at in range(9)]
    found = peers.assessed(values)
    peers.freeze(MARCH)

    measures = benchmark.compared(found[8], own={}).measures or {}

    shown = {code: each for code, each in measures.items() if isinstance(each, Published)}
    assert {code: each.mean for code, each in shown.items()} == {"overall": 254, "prd": 204, "log": 304}


# The command and the worker


def freeze_command(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("freeze_benchmark", *arguments, "--json", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_the_command_freezes_every_instrument_that_was_answered(peers: Peers) -> None:
    company = Company.objects.create(name="Vetreria", created_at=NOON)
    assessment = make_assessment(company)
    answer_everything(assessment)
    actions.complete(assessment, at=NOON)

    told = freeze_command("--on", "2026-03-31")

    assert told == {
        "on": "2026-03-31",
        "frozen": [
            {"instrument": INSTRUMENT, "on": "2026-03-31", "entered": 0, "batches": 0, "published": 0}
        ],
    }


def test_the_command_refuses_a_day_that_ends_no_quarter(peers: Peers) -> None:
    peers.assessed(SEVEN)
    err = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("freeze_benchmark", "--on", "2026-03-30", stderr=err)

    assert ended.value.code == 2
    assert "[benchmark.not-a-quarter-end]" in err.getvalue()


@pytest.mark.django_db(transaction=True)  # the worker takes a connection of its own
def test_a_worker_that_begins_has_the_last_quarter_frozen_and_waits_for_the_next() -> None:
    company = Company.objects.create(name="Vetreria", created_at=NOON)
    assessment = make_assessment(company)
    answer_everything(assessment)
    actions.complete(assessment, at=NOON)
    today = timezone.localdate()

    assert benchmark_tasks.queue_due() == 1
    call_command("db_worker", batch=True, verbosity=0, reload=False, interval=0)

    assert BenchmarkFreeze.objects.get().on == cohorts.last_quarter_end(today)
    waiting = DBTaskResult.objects.get(status="READY")
    assert timezone.localdate(waiting.run_after) == cohorts.next_quarter_end(today) + timedelta(days=1)
    assert benchmark_tasks.queue_due() == 0


def test_freezing_all_is_dated_by_whoever_asks(peers: Peers) -> None:
    assert benchmark_freezing.freeze_all(MARCH, today=LATER, at=NOON) == []

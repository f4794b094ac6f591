"""What somebody tries who wants to know another company's scores, through pages, API and files.

Alice and Bob are contacts of two companies who pool what they see; Dora is a consultant who pools with one
of them. What they see is compared with what everybody sees, exactly: nothing that was ever published may
let them work out fewer than five others.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from openpyxl import load_workbook

from capofila.accounts.models import User
from capofila.assessments import actions
from capofila.assessments.models import Assessment, BenchmarkBatch, BenchmarkMember
from capofila.assessments.tests.differencing import Row, fewest
from capofila.assessments.tests.entries import ALICE, answer_everything, said
from capofila.assessments.tests.peers import DECEMBER, JUNE, MARCH, SEPTEMBER, Peers, contact_of
from capofila.assessments.tests.people import signed_in
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON
from capofila.consortium.tests.builders import make_lead, make_member, make_partner
from capofila.instruments import library

pytestmark = pytest.mark.django_db
SEVEN = [210, 240, 250, 260, 280, 300, 330]
LEVELS = ("province", "size", "sector", "all")
DATES = (MARCH, JUNE, SEPTEMBER, DECEMBER)


@pytest.fixture
def peers() -> Peers:
    make_lead()
    return Peers()


def asked(user: User, assessment: Assessment, **query: str) -> dict[str, Any]:
    """What the API answers."""
    response = signed_in(user).get(f"/api/assessments/{assessment.pk}/benchmark", query)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def page(user: User, assessment: Assessment, **query: str) -> str:
    return str(signed_in(user).get(f"/assessments/{assessment.pk}/benchmark/", query).content.decode())


def others(shown: dict[str, Any], area: str = "prd") -> dict[str, Any]:
    """What is said of others in one area, without what is the viewer's own."""
    return {key: value for key, value in shown["areas"][area].items() if key != "own"}


# A cohort of n - 1


def test_two_who_pool_what_they_see_are_left_with_the_sum_of_five_others(peers: Peers) -> None:
    found = peers.assessed(SEVEN)
    peers.freeze(MARCH)
    alice, bob = (contact_of(each) for each in found[:2])

    seen = [asked(user, each)["areas"]["prd"] for user, each in zip((alice, bob), found, strict=False)]

    assert [each["companies"] for each in seen] == [6, 6]
    assert [each["mean"] for each in seen] == ["2.77", "2.72"]  # (1870 - 210) / 6 and (1870 - 240) / 6
    # Each can add their own again: both know 1870, and take away both their own. Five are left.
    assert len(found) - 2 == 5


def test_with_six_companies_nobody_sees_anything_of_the_others(peers: Peers) -> None:
    found = peers.assessed(SEVEN[:6])
    peers.freeze(MARCH)

    shown = asked(contact_of(found[0]), found[0])

    assert shown["cohort"] is None
    assert {group["why"] for group in shown["groups"]} == {"too-few"}
    assert {area["mean"] for area in shown["areas"].values()} == {None}
    assert "2,78" not in page(contact_of(found[1]), found[1])


def test_who_stands_outside_a_group_sees_what_a_member_could_add_up(peers: Peers) -> None:
    """An outsider sees seven, a member six and its own: the member's sibling company is not read off."""
    inside, outside = peers.assessed(SEVEN), peers.assessed([500], on=date(2026, 5, 1))
    peers.freeze(MARCH)

    member = asked(contact_of(inside[0]), inside[0])["areas"]["prd"]
    outsider = asked(contact_of(outside[0]), outside[0])["areas"]["prd"]

    assert (member["companies"], outsider["companies"]) == (6, 7)
    assert round(Fraction(outsider["mean"]) * 7 - Fraction(member["mean"]) * 6, 1) == Fraction("2.1")


# Differencing two cohorts


def test_the_few_by_which_a_group_is_larger_than_a_smaller_one_cannot_be_told(peers: Peers) -> None:
    bergamo = peers.assessed(SEVEN)
    brescia = peers.assessed([480], province="BS")
    peers.freeze(MARCH)
    user = contact_of(bergamo[0])

    seen = [others(asked(user, bergamo[0], group=level)) for level in LEVELS]

    assert seen == [seen[0]] * 4  # the one firm of Brescia is in none of them
    assert asked(contact_of(brescia[0]), brescia[0])["cohort"]["level"] == "size"


@pytest.mark.parametrize("seed", range(4))
def test_all_that_was_ever_shown_leaves_two_accounts_five_others(peers: Peers, seed: int) -> None:
    """Four quarters of a hub, every figure read through the API by everybody, then exact linear algebra."""
    pick = random.Random(seed)
    partners = [make_partner(name) for name in ("ours", "theirs")]
    assessed: list[Assessment] = []
    for on in DATES:
        for _ in range(pick.randint(6, 22)):
            assessed += peers.assessed(
                [pick.randint(110, 490)],
                on=date(on.year, on.month - 1, 15),
                partner=pick.choice([partners[0], *partners]),
                province=pick.choice(["BG", "BG", "BS"]),
                size=pick.choice(["small", "medium"]),
            )
        peers.freeze(on)
    lead = make_member("Lead", "lead-administrator").user

    published = {row for each in _of_each_group(assessed) for row in _rows(lead, each)}

    units = {each.pk: each.company_id for each in assessed}
    assert published
    assert _fewest(published, units, [{each.pk} for each in assessed], partners) >= 5


def _of_each_group(assessed: Iterable[Assessment]) -> list[Assessment]:
    """One assessment for each of the smallest groups: all others see the same groups."""
    found = {(each.company.sector, each.company.size, each.company.province): each for each in assessed}
    return list(found.values())


def _rows(user: User, assessment: Assessment) -> set[Row]:
    """The sets of assessments behind every mean that the API shows, checked against the mean itself."""
    found = set()
    for on in DATES:
        for level in LEVELS:
            shown = asked(user, assessment, group=level, on=on.isoformat())
            if shown["cohort"] is None:
                continue
            members = _members(shown["cohort"]["key"], date.fromisoformat(shown["cohort"]["on"]))
            rest = [each for each in members if each.company_id != assessment.company_id]
            mean = Fraction(sum(each.values["prd"] for each in rest), len(rest) * 100)
            assert abs(Fraction(shown["areas"]["prd"]["mean"]) - mean) <= Fraction(1, 200)
            found.add(frozenset(each.assessment_id for each in members))
    return found


def _members(key: str, on: date) -> list[BenchmarkMember]:
    """Who was counted in a group that day."""
    entered = BenchmarkBatch.objects.filter(freeze__on__lte=on).exclude(end__freeze__on__lte=on)
    under = [batch.pk for batch in entered if not key or batch.key == key or batch.key.startswith(f"{key}/")]
    return list(BenchmarkMember.objects.filter(batch__in=under))


def _fewest(
    published: Iterable[Row], units: dict[int, int], contacts: Sequence[set[int]], partners: Sequence[Any]
) -> int:
    """Over all pairs of accounts; of contacts whose company stands in the same sums, two are enough."""
    rows = set(published)
    alike: dict[frozenset[Row], list[set[int]]] = {}
    for contact in contacts:
        alike.setdefault(frozenset(row for row in rows if row & contact), []).append(contact)
    chosen = [contact for found in alike.values() for contact in found[:2]]
    consultants = [
        set(Assessment.objects.filter(company__servings__partner=partner).values_list("pk", flat=True))
        for partner in partners
    ]
    left = [
        fewest(rows, units, known=one | other)
        for one, other in combinations([set(), *chosen, *consultants], 2)
    ]
    return min((found for found in left if found is not None), default=99)


# A dominant company


def test_a_company_that_makes_nearly_all_of_an_area_is_not_given_away(peers: Peers) -> None:
    large = {"overall": 290, "prd": 500, "log": 320}
    found = peers.assessed([{"overall": 210 + at, "prd": 110, "log": 200 + at} for at in range(7)])
    found += peers.assessed([large])
    peers.freeze(MARCH)

    shown = asked(contact_of(found[0]), found[0])["areas"]

    assert (shown["prd"]["mean"], shown["prd"]["why"]) == (None, "dominance")
    assert (shown["log"]["companies"], shown["log"]["why"]) == (7, None)


def test_where_all_are_alike_the_reason_does_not_say_so(peers: Peers) -> None:
    """Whoever is among them would know them all."""
    found = peers.assessed([{"overall": 210 + at, "prd": 300} for at in range(8)])
    peers.freeze(MARCH)

    assert asked(contact_of(found[0]), found[0])["areas"]["prd"]["why"] == "dominance"


# Repeated questions over time


def test_one_newcomer_a_quarter_changes_nothing_that_is_shown(peers: Peers) -> None:
    found = peers.assessed([*SEVEN, 220, 290, 310, 340, 350])
    peers.freeze(MARCH)
    alice = contact_of(found[0])
    before = [asked(alice, found[0], group=level) for level in LEVELS]
    text = page(alice, found[0])

    for on in (JUNE, SEPTEMBER, DECEMBER):
        newcomer = peers.assessed([500], on=date(on.year, on.month - 1, 15))
        peers.freeze(on)

        assert [asked(alice, found[0], group=level) for level in LEVELS] == before
        assert newcomer[0].pk not in BenchmarkMember.objects.values_list("assessment", flat=True)
    assert _figures(page(alice, found[0])) == _figures(text)


def _figures(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>.*?</td>", html)


def test_a_company_that_withdraws_is_not_read_off_the_difference(peers: Peers) -> None:
    """Opened again, merged away, or assessed anew: what was published with it stays as it was."""
    found = peers.assessed([*SEVEN, 220, 290])
    peers.freeze(MARCH)
    alice = contact_of(found[0])
    before = asked(alice, found[0])

    Assessment.objects.filter(pk=found[1].pk).update(state="draft")
    Company.objects.filter(pk=found[2].company_id).update(merged_into=found[3].company_id)
    peers.assessed([450], company=found[4].company, stage="T1", on=date(2026, 5, 1))
    peers.freeze(JUNE)

    assert asked(alice, found[0]) == before


def test_a_look_back_shows_what_was_published_and_nothing_between(peers: Peers) -> None:
    found = peers.assessed(SEVEN)
    peers.freeze(MARCH)
    peers.assessed([300 + 10 * at for at in range(8)], on=date(2026, 5, 1))
    peers.freeze(JUNE)
    alice = contact_of(found[0])

    seen = {
        asked(alice, found[0], on=day)["cohort"]["cohort"]
        for day in ("2026-03-31", "2026-04-15", "2026-05-31", "2026-06-29")
    }

    assert len(seen) == 1
    assert asked(alice, found[0], on="2026-03-30")["cohort"] is None


# Trying many answers


def test_trying_many_answers_moves_nothing_but_the_own_score(peers: Peers) -> None:
    """Whoever opens the interview again and looks after each answer sees the same of the others."""
    peers.assessed([200 + 10 * at for at in range(12)])
    own = peers.assessed([300], on=date(2026, 5, 1))[0]
    peers.freeze(MARCH)
    own_draft = _opened(own)
    answer_everything(own_draft)
    dora = make_member("Dora", "lead-administrator").user
    seen = []
    for level in range(1, 6):
        for question in _production():
            _answer_anew(own_draft, question, level)
        seen.append(asked(dora, own_draft)["areas"]["prd"])

    assert [each["own"] for each in seen] == ["1.00", "2.00", "3.00", "4.00", "5.00"]
    assert len({(each["mean"], each["median"], *each["quartiles"]) for each in seen}) == 1
    assert [each["percentile"] for each in seen] == sorted(each["percentile"] for each in seen)


def _opened(assessment: Assessment) -> Assessment:
    Assessment.objects.filter(pk=assessment.pk).update(state="draft")
    assessment.refresh_from_db()
    return assessment


def _production() -> list[str]:
    questions = library.load("digital-maturity").applicable("manufacturing")
    return [question.code for question in questions if question.area == "prd"]


def _answer_anew(assessment: Assessment, question: str, level: int) -> None:
    held = assessment.entries.filter(question=question).values_list("pk", flat=True)
    entry = replace(said(level, question=question), replaces=tuple(held))
    actions.receive(assessment, [entry], author=ALICE, at=NOON)


# A consultant who knows most of a group


def test_a_consultant_who_knows_all_but_one_of_a_group_does_not_see_that_one(peers: Peers) -> None:
    ours, theirs = make_partner("ours"), make_partner("theirs")
    known = peers.assessed(SEVEN, partner=ours)
    peers.assessed([480], partner=theirs)
    peers.freeze(MARCH)
    dora = make_member("Dora", partner=ours).user

    assert asked(dora, known[0])["areas"]["prd"]["companies"] == 6  # all of them her own


# Doors beside the page


def test_nobody_sees_the_comparison_of_another_company(peers: Peers) -> None:
    found = peers.assessed(SEVEN, partner=make_partner("theirs"))
    peers.freeze(MARCH)
    alice = contact_of(found[0])
    dora = make_member("Dora", partner=make_partner("ours")).user

    for user, assessment in ((alice, found[1]), (dora, found[0])):
        assert signed_in(user).get(f"/assessments/{assessment.pk}/benchmark/").status_code == 404
        assert signed_in(user).get(f"/api/assessments/{assessment.pk}/benchmark").status_code == 404


def test_a_contact_sees_nothing_before_the_report_is_handed_over(peers: Peers) -> None:
    found = peers.assessed(SEVEN)
    peers.freeze(MARCH)
    alice = contact_of(found[0], handed_over=False)

    assert asked(alice, found[0])["areas"] == {}
    assert "<td" not in page(alice, found[0])


def test_groups_that_nobody_published_cannot_be_asked_for(peers: Peers) -> None:
    found = peers.assessed(SEVEN)
    peers.freeze(MARCH)
    client = signed_in(contact_of(found[0]))
    path = f"/assessments/{found[0].pk}/benchmark/"

    usual = _figures(client.get(path).content.decode())

    for query in ("group=manufacturing", "group=x", "on=yesterday", "province=BS", "size=large"):
        assert _figures(client.get(f"{path}?{query}").content.decode()) == usual
    assert client.get(f"/api{path[:-1]}?group=x").status_code == 422


def test_the_answers_as_a_spreadsheet_say_nothing_of_others(peers: Peers) -> None:
    found = peers.assessed(SEVEN, partner=make_partner("ours"))
    peers.freeze(MARCH)
    dora = make_member("Dora", partner=make_partner("ours")).user
    shown = asked(dora, found[0])

    response = signed_in(dora).get(f"/assessments/{found[0].pk}/answers.xlsx")
    book = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content))
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}

    assert shown["cohort"]["cohort"] not in cells
    assert not any("2.77" in cell or "2,77" in cell for cell in cells)

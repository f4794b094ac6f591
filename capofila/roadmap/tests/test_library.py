"""Where actions are found, whether their files are sound, and whether ours serve every answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capofila.instruments import library as instruments
from capofila.lib.problems import Problem, Refused
from capofila.roadmap import library
from capofila.roadmap.tests.builders import MAC, ORD, WORDS, write_library


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    cached = (instruments.load, instruments.words, library.load, library.words, library.goal_packs)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(tmp_path / "instruments"))
    monkeypatch.setenv("CAPOFILA_ACTIONS", str(tmp_path / "actions"))
    return tmp_path


def codes(directory: Path) -> list[str]:
    return [problem.code for problem in library.check(directory)[1]]


def test_a_hub_has_actions_of_its_own(hub: Path) -> None:
    write_library(hub)

    found = library.load("small")

    assert [action.code for action in found.actions] == ["ord.plan-on-paper", "mac.care-list"]
    assert (found.instrument, found.version, found.languages) == ("small@1.0", "1.0", ("en", "it"))
    assert found.by_code["mac.care-list"].cents == 500_00
    assert library.words("small", "it").of("mac.care-list", "office").what == "Put it on the screen."
    assert library.words("small", "it").of("mac.care-list", "workshop").what == "Put it on paper."


def test_an_instrument_without_actions_has_an_empty_library() -> None:
    assert library.load("eu-dma-sme").actions == ()
    assert library.words("eu-dma-sme", "it").actions == {}
    assert library.goal_packs("eu-dma-sme") == {}


def test_a_sound_library_has_no_mistakes(hub: Path) -> None:
    assert codes(write_library(hub)) == []


def test_words_in_a_language_nobody_wrote_are_refused(hub: Path) -> None:
    write_library(hub)

    with pytest.raises(Problem) as refused:
        library.words("small", "de")

    assert (refused.value.code, refused.value.facts["known"]) == ("actions.no-language", "en, it")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"ord": ORD.replace("ord.plan:", "ord.plam:")}, "actions.unknown-question"),
        ({"ord": ORD.replace("ord.plan:", "ord.ways:")}, "actions.lift-type"),
        ({"ord": ORD.replace("[1, 5]", "[3, 3]")}, "actions.levels"),
        ({"ord": ORD.replace("[1, 5]", "[0, 3]")}, "actions.levels"),
        ({"ord": ORD.replace("[1, 5]", "[1, 6]")}, "actions.levels"),
        ({"ord": ORD.replace("[1, 5]", "3")}, "actions.type"),
        ({"ord": ORD.replace("[1, 5]", "[1, two]")}, "actions.levels"),
        ({"ord": ORD.replace("{ord.plan: [1, 5]}", "{}")}, "actions.lifts"),
        ({"ord": ORD.replace("shorter-lead-times", "faster")}, "actions.unknown-name"),
        ({"ord": ORD.replace("[shorter-lead-times]", "[]")}, "actions.count"),
        ({"mac": MAC.replace("[cloud]", "[clouds]")}, "actions.unknown-name"),
        ({"mac": MAC.replace("[consulting]", "[advice]")}, "actions.unknown-name"),
        ({"ord": ORD.replace("days: 3", "days: 0")}, "actions.whole-number"),
        ({"ord": ORD.replace("days: 3", "days: 2.5")}, "actions.whole-number"),
        ({"ord": ORD.replace("quarters: 1", "quarters: 5")}, "actions.whole-number"),
        ({"ord": ORD.replace("[0, 200]", "[200, 0]")}, "actions.cost"),
        ({"ord": ORD.replace("[0, 200]", "[0]")}, "actions.cost"),
        ({"ord": ORD.replace("  days: 3\n", "")}, "actions.missing-key"),
        ({"ord": ORD.replace("days:", "daze:")}, "actions.unknown-key"),
        (
            {"mac": MAC.replace("after: [ord.plan-on-paper]", "after: [ord.plan-on-papers]")},
            "actions.unknown-action",
        ),
        ({"ord": ORD + "  after: [mac.care-list]\n"}, "actions.circle"),
        ({"ord": ORD + "  after: [ord.plan-on-paper]\n"}, "actions.circle"),
        ({"ord": ORD + "  when: {profiles: [shop]}\n"}, "actions.unknown-name"),
        ({"ord": ORD + "  when: {sizes: [tiny]}\n"}, "actions.unknown-name"),
        ({"ord": ORD + "  when: {answers: {all: []}}\n"}, "actions.condition"),
        (
            {"ord": ORD + "  when: {answers: {any: [{question: mac.cure, at_least: 2}]}}\n"},
            "actions.unknown-question",
        ),
        (
            {"ord": ORD + "  when: {answers: {any: [{question: ord.ways, at_least: 2}]}}\n"},
            "actions.condition-type",
        ),
        (
            {"ord": ORD + "  when: {answers: {any: [{question: ord.ways, includes: nine}]}}\n"},
            "actions.condition-item",
        ),
        ({"ord": ORD.replace("[1, 5]", "[1, 4]")}, "actions.uncovered"),
        ({"mac": MAC + "  when: {sizes: [micro]}\n"}, "actions.uncovered"),
        ({"mac": MAC + "  when: {profiles: [office]}\n"}, "actions.never-raised"),
        ({"library": 'instrument: small@1.0\nversion: "1.0"\nsource: x\n'}, "actions.missing-key"),
        ({"ord_it": WORDS.format(code="ord.plan-on-papers")}, "action-words.missing-word"),
        (
            {"ord_it": WORDS.format(code="ord.plan-on-paper").replace("  who:", "  whom:")},
            "action-words.missing-key",
        ),
        (
            {
                "ord_it": WORDS.format(code="ord.plan-on-paper").replace(
                    '"Take paper for ord.plan-on-paper.", ', ""
                )
            },
            "action-words.count",
        ),
        (
            {"ord_it": WORDS.format(code="ord.plan-on-paper").replace('"Hang', '"Read it.", "Hang')},
            "action-words.languages-differ",
        ),
        (
            {"ord_it": WORDS.format(code="ord.plan-on-paper").split("  profiles")[0]},
            "action-words.languages-differ",
        ),
    ],
)
def test_a_mistake_is_named_by_its_code(hub: Path, files: dict[str, str], expected: str) -> None:
    assert expected in codes(write_library(hub, **files))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ord.plan", "actions.code-of-question"),
        ("ord.plan", "actions.code"),
        ("mac.plan-on-paper", "actions.code"),
        ("ord.Plan-On-Paper", "actions.code"),
    ],
)
def test_the_code_of_an_action_is_its_own(hub: Path, code: str, expected: str) -> None:
    assert expected in codes(write_library(hub, ord=ORD.replace("ord.plan-on-paper", code)))


def test_a_circle_of_prerequisites_is_spelled_once_with_its_line(hub: Path) -> None:
    directory = write_library(hub, ord=ORD + "  after: [mac.care-list]\n")

    circles = [str(p) for p in library.check(directory)[1] if p.code == "actions.circle"]

    assert len(circles) == 1
    assert "ord.plan-on-paper -> mac.care-list -> ord.plan-on-paper" in circles[0]
    assert f"{directory / 'ord.yaml'}:2:" in circles[0]


def test_a_library_with_a_circle_is_refused_when_it_is_loaded(hub: Path) -> None:
    write_library(hub, ord=ORD + "  after: [mac.care-list]\n")

    with pytest.raises(Refused, match="circle"):
        library.load("small")


def test_a_step_may_stand_in_three_actions_and_not_in_four(hub: Path) -> None:
    def shared(count: int) -> dict[str, str]:
        names = [f"ord.paper-{number}" for number in range(count)]
        words = "".join(
            WORDS.format(code=name).replace(f"Take paper for {name}.", "Take paper.") for name in names
        )
        facts = "".join(ORD.replace("ord.plan-on-paper", name) for name in names)
        return {
            "ord": facts,
            "mac": MAC.replace("  after: [ord.plan-on-paper]\n", ""),
            "ord_en": words,
            "ord_it": words,
        }

    three = codes(write_library(hub, **shared(3)))
    four = codes(write_library(hub, **shared(4)))

    assert three == []
    assert four == ["action-words.shared-step"] * 2


@pytest.mark.parametrize(
    ("condition", "raised"),
    [
        ("{all: [{question: mac.care, at_least: 3}, {question: mac.care, at_most: 2}]}", False),
        ("{any: [{question: mac.care, at_least: 3}, {question: mac.care, at_most: 2}]}", True),
        ("{all: [{question: ord.plan, at_least: 5}]}", False),  # the lift ends at level 5
        ("{all: [{question: ord.plan, at_least: 4}]}", True),
        ("{all: [{question: who.staff, at_least: 2.1}, {question: who.staff, at_most: 2.9}]}", False),
        ("{all: [{question: who.share, at_least: 2.1}, {question: who.share, at_most: 2.9}]}", True),
        ("{all: [{question: who.kind, is: family}, {question: who.kind, is: group}]}", False),
        ("{all: [{question: ord.ways, includes: '1'}, {question: ord.ways, includes: '2'}]}", True),
        (
            "{all: [{question: mac.care, is: 2}, "
            "{any: [{question: mac.care, is: 3}, {question: mac.care, is: 4}]}]}",
            False,
        ),
    ],
)
def test_an_action_that_no_answer_raises_is_named(hub: Path, condition: str, raised: bool) -> None:
    directory = write_library(hub, ord=ORD + f"  when: {{answers: {condition}}}\n")

    assert ("actions.never-raised" not in codes(directory)) == raised


def test_a_folder_without_a_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        library.check(tmp_path)

    assert refused.value.code == "actions.not-found"


def test_a_library_for_an_unknown_instrument_is_refused_at_its_line(hub: Path) -> None:
    directory = write_library(hub, library='instrument: smoll\nversion: "1"\nsource: x\nlanguages: [en]\n')

    with pytest.raises(Problem) as refused:
        library.check(directory)

    assert refused.value.code == "instrument.unknown"
    assert str(refused.value.at) == f"{directory / 'library.yaml'}:1"


def test_a_released_file_that_changed_is_named(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write_library(hub)
    released = hub / "RELEASED"
    released.write_text(f"{instruments.checksum(directory / 'ord.yaml')}  actions/small-1.0/ord.yaml\n")
    monkeypatch.setattr(library, "OURS", hub)
    monkeypatch.setattr(library, "RELEASED", released)
    assert [problem.code for problem in library.changed_releases(directory)] == []

    (directory / "ord.yaml").write_text(ORD + "# one line more\n")

    assert [problem.code for problem in library.changed_releases(directory)] == ["actions.released-changed"]


def test_a_library_is_released_once_and_may_not_change_from_then_on(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write_library(hub)
    assert codes(directory) == []
    monkeypatch.setattr(library, "OURS", directory.parent)
    monkeypatch.setattr(library, "RELEASED", hub / "RELEASED")
    (hub / "RELEASED").write_text("0123  another-1.0/ord.yaml\n")

    released = library.release(directory)

    assert released == sorted(f"small-1.0/{file.name}" for file in directory.iterdir())
    assert (hub / "RELEASED").read_text().startswith("0123  another-1.0/ord.yaml\n")
    assert library.release(directory) == []
    (directory / "ord.en.yaml").unlink()
    with pytest.raises(Refused):
        library.release(directory)


def test_a_library_of_a_hub_is_not_released(hub: Path) -> None:
    with pytest.raises(Problem) as refused:
        library.release(write_library(hub))

    assert refused.value.code == "actions.not-ours"


# Ours


def test_our_actions_have_no_mistakes() -> None:
    found, problems = library.check(library.find("digital-maturity@1.0") or Path())

    assert [str(problem) for problem in problems] == []
    assert len(found.actions) >= 120


def test_our_released_actions_have_not_changed() -> None:
    assert [str(problem) for problem in library.changed_releases()] == []


@pytest.mark.parametrize("kind", ["technologies", "service-areas"])
def test_technologies_and_service_areas_have_words_in_both_languages(kind: str) -> None:
    assert all(set(names) == {"it", "en"} and all(names.values()) for names in library.named(kind).values())


def test_a_named_goal_requires_questions_of_our_questionnaire() -> None:
    packs = library.goal_packs("digital-maturity")

    assert packs["certification-iso-27001"].requires["dat.backup"] >= 3
    assert len(packs["certification-iso-27001"].missing["it"]) >= 3

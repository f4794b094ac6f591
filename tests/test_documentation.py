"""Documentation is tested: whatever a hub can meet (problem, command, setting) has its line in docs/."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from capofila.__main__ import FROM_FILES
from capofila.companies import company_file
from capofila.instruments.rules.reading import read_instrument
from capofila.lib.problems import Problem
from capofila.lib.sources import parse_yaml
from capofila.roadmap.goals import goals

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = CHECKOUT / "capofila"
DOCS = CHECKOUT / "docs"
DOTTED = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
SETTING = re.compile(r"CAPOFILA_[A-Z_]+")
CODE_ARGUMENT = {"unknown": 0, "expected": 3, "whole": 4, "choice": 5}  # where methods of a checker take it
LINK = re.compile(r"\[[^]]*\]\(([^)#]+)[^)]*\)|`((?:docs|capofila|bench|bin|tests)/[^`*{}<> ]*)`")


def test_every_problem_code_is_documented_with_its_sentence() -> None:
    documented = text(DOCS / "problems.md")
    missing = [
        f"{code}: {sentence}"
        for code, sentence in sorted(problems())
        if f"| `{code}` |" not in documented or sentence not in documented
    ]

    assert not missing, "\n".join(missing)


def test_no_problem_is_documented_that_nobody_raises() -> None:
    raised = {code for code, _ in problems()}

    assert (
        set(re.findall(r"^\| `([a-z*.0-9-]+)` \|", text(DOCS / "problems.md"), re.MULTILINE)) - raised
        == set()
    )


def test_every_command_is_documented_with_its_options() -> None:
    sections = dict(
        re.findall(r"^## `capofila (\w+)`\n(.*?)(?=^## |\Z)", text(DOCS / "commands.md"), re.M | re.S)
    )
    commands = {**{name: module_file(module) for name, module in FROM_FILES.items()}, **django_commands()}

    assert sorted(sections) == sorted(commands)
    for name, file in commands.items():
        for option in options(file):
            assert f"`{option}" in sections[name], f"{name} {option}"


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"^\| `(CAPOFILA_[A-Z_]+)` \|", text(DOCS / "settings.md"), re.MULTILINE))

    assert documented == settings()


def test_every_room_is_on_the_tour() -> None:
    rooms = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}

    assert set(re.findall(r"^## `(\w+)`", text(DOCS / "tour.md"), re.MULTILINE)) == rooms


def test_the_examples_of_the_formats_are_read_without_a_problem(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", text(DOCS / "formats.md"), re.DOTALL)
    instrument = next(block for block in blocks if block.startswith("code:"))
    company = next(block for block in blocks if "vat:" in block)
    found: list[Problem] = []

    read_instrument(parse_yaml(instrument, "formats.md", found), "formats.md", found)
    (tmp_path / "company.yaml").write_text(company, encoding="utf-8")
    company_file.read(tmp_path / "company.yaml", goals())

    assert found == []


def test_links_and_paths_in_the_documents_lead_somewhere() -> None:
    documents = [*CHECKOUT.glob("*.md"), *DOCS.rglob("*.md")]
    lost = [f"{file.name}: {path}" for file in documents for path in paths(file) if not leads(file, path)]

    assert not lost, "\n".join(lost)


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def sources() -> Iterator[Path]:
    return (
        file for file in PACKAGE.rglob("*.py") if "tests" not in file.parts and "migrations" not in file.parts
    )


# Problems


@cache
def problems() -> frozenset[tuple[str, str]]:
    """(code, sentence) of every problem in the source; the sentence is empty where the code shares one.

    `lib.checking.Checker` and its kind put the kind of file before a dot; for what any of them says, `*`.
    """
    found = frozenset(problem for file in sources() for problem in problems_of(ast.parse(text(file))))
    return found | {
        (f"company.{key}", "") for key in ("vat", "tax-code")
    }  # named after the key they stand under


def problems_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    sentences = {
        target.id: string(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    kinds = kinds_of_file(tree)
    for statement in tree.body:
        inside = list(calls(statement))
        own = [kind for call in inside if (kind := kind_of_file(call)) is not None]
        name = getattr(statement, "name", "")
        kind = own[0] if own else kinds.get(name, "*")
        for code, sentence in (
            *defaults(statement),
            *(found for call in inside for found in stated(call, sentences)),
        ):
            yield code if "." in code else f"{kind}.{code}", sentence


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def kinds_of_file(tree: ast.Module) -> dict[str, str]:
    """Class -> kind of file, where it is given when the class is called."""
    named = ((called(call), kind_of_file(call)) for call in calls(tree))
    return {name: kind for name, kind in named if kind is not None}


def kind_of_file(call: ast.Call) -> str | None:
    """The second argument of `Checker(file, "answers", problems)` and its kind, `super().__init__` too."""
    if called(call) in {"Checker", "__init__"} or called(call).endswith("Reader"):
        return string(call.args[1]) if len(call.args) > 2 else None
    return None


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def stated(call: ast.Call, sentences: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """The code a call gives to a problem, with its sentence where one is given too."""
    first = string(call.args[0]) if call.args else None
    if len(call.args) > 1 and (called(call) == "add" or (first is not None and DOTTED.fullmatch(first))):
        second = call.args[1]
        sentence = sentences.get(second.id) if isinstance(second, ast.Name) else string(second)
        if first is not None and sentence is not None:
            yield first, sentence
    elif called(call) in CODE_ARGUMENT:
        given = [
            *call.args[CODE_ARGUMENT[called(call)] :][:1],
            *(k.value for k in call.keywords if k.arg == "code"),
        ]
        for node in given:
            for code in map(string, [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]):
                if code is not None:
                    yield code, ""


def defaults(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The codes that methods take where their caller gives none."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        takes = function.args
        by_place = [*takes.posonlyargs, *takes.args]
        places = [*by_place[len(by_place) - len(takes.defaults) :], *takes.kwonlyargs]
        for argument, default in zip(places, [*takes.defaults, *takes.kw_defaults], strict=True):
            code = string(default) if default is not None else None
            if argument.arg == "code" and code is not None:
                yield code, ""


def string(node: ast.expr) -> str | None:
    """The text of a literal, marked for translation or not."""
    if isinstance(node, ast.Call) and called(node) == "gettext_noop":
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# Commands and settings


def django_commands() -> dict[str, Path]:
    return {file.stem: file for file in PACKAGE.glob("*/management/commands/[!_]*.py")}


def module_file(module: str) -> Path:
    return CHECKOUT / (module.replace(".", "/") + ".py")


def options(file: Path) -> set[str]:
    """The options a command adds, with those of the module of arguments it shares."""
    shared = file.with_name("arguments.py") if "add_answers(" in text(file) else None
    if shared is not None and not shared.is_file():
        shared = PACKAGE / "assessments" / "commands" / "arguments.py"
    trees = [ast.parse(text(source)) for source in (file, shared) if source is not None]
    found = {
        string(argument)
        for tree in trees
        for call in calls(tree)
        if called(call) == "add_argument"
        for argument in call.args
    }
    return {option for option in found if option is not None and option.startswith("-")}


def settings() -> set[str]:
    """Environment variables of ours that the source names."""
    return {
        node.value
        for file in sources()
        for node in ast.walk(ast.parse(text(file)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value)
    }


# Links


def paths(file: Path) -> set[str]:
    found = {one or other for one, other in LINK.findall(text(file))}
    return {path for path in found if not path.startswith(("http://", "https://", "mailto:"))}


def leads(file: Path, path: str) -> bool:
    return any((folder / path).exists() for folder in (file.parent, CHECKOUT))

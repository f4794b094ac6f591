"""The words of an imported form as words files have them, and the other files that it carries."""

from collections.abc import Iterable, Mapping

from capofila.instruments.rules.xlsform.questions import Drawn
from capofila.instruments.rules.xlsform.vocabulary import CARRIED_FILES, FILES, Log, Sheet
from capofila.lib import sources
from capofila.lib.problems import Problem, gettext_noop

Tree = dict[str, dict[str, object]]  # code -> what a words file says of it


def words_trees(
    languages: Iterable[str], names: Mapping[str, Mapping[str, str]], listed: Sheet, drawn: Iterable[Drawn]
) -> dict[str, Tree]:
    """Language -> its words; `names`: code of an area, dimension, band or profile -> language -> name."""
    trees: dict[str, Tree] = {}
    rows = {row["code"]: row for row in listed.rows}
    for language in languages:
        tree = trees[language] = {}
        for code, spoken in names.items():
            tree[code] = {"name": spoken[language]}
            for part in ("short", "about"):
                text = rows[code].spoken(part).get(language) if code in rows else None
                if text:
                    tree[code][part] = text
        for question in drawn:
            tree[question.code] = dict(question.words[language])
    return trees


def add_variants(sheet: Sheet, trees: Mapping[str, Tree], log: Log) -> None:
    """Adds what profiles word otherwise: a row for each text; one without a part is a variant without any."""
    for row in sheet.rows:
        for language, text in row.spoken("text").items():
            tree = trees[language]
            if row["code"] not in tree:
                log.refuse(
                    "xlsform.variant",
                    gettext_noop("There is nothing named {name}; expected the code of a question or a name."),
                    row.at("code"),
                    name=row["code"],
                )
                continue
            profiles = tree[row["code"]].setdefault("profiles", {})
            assert isinstance(profiles, dict)
            variant = profiles.setdefault(row["profile"], {})
            if row["part"] in {"levels", "points"}:
                variant.setdefault(row["part"], []).append(text)
            elif row["key"]:
                variant.setdefault(row["part"], {})[row["key"]] = text
            elif row["part"]:
                variant[row["part"]] = text


def carried_files(sheet: Sheet, log: Log) -> dict[str, str]:
    """Name -> text of other files of the folder, each of them YAML."""
    found: dict[str, list[str]] = {}
    for row in sheet.rows:
        if not CARRIED_FILES.fullmatch(row["file"]) and row["file"] not in found:
            log.refuse(
                "xlsform.file",
                gettext_noop(
                    "{file} is no file that an instrument carries; expected one such as export.yaml."
                ),
                row.at("file"),
                file=row["file"],
            )
        found.setdefault(row["file"], []).append(row["text"])
    texts = {name: "\n".join(lines) for name, lines in found.items()}
    for text in texts.values():
        try:
            sources.parse_yaml(text, f"{log.file} ({FILES})", log.refused)
        except Problem as problem:
            log.refused.append(problem)
    return texts

"""From the questions of an XLSForm to questions of ours, with their words; conditions are `xlsform_when`'s.

The result is in the shape of our files, so that the readers of those files check it.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import cast

from capofila.instruments.rules.shape import Type
from capofila.instruments.rules.xlsform.parts import Draft, Parts, left, spoken_left
from capofila.instruments.rules.xlsform.relevance import Asked
from capofila.instruments.rules.xlsform.survey import GRID, Form, Group, Item
from capofila.instruments.rules.xlsform.texts import Speaker
from capofila.instruments.rules.xlsform.vocabulary import Log, Row, free
from capofila.instruments.rules.xlsform.when import When
from capofila.lib.problems import gettext_noop

QUESTION_COLUMNS = {
    "type", "name", "relevant", "required", "disabled", "capofila_code", "capofila_type",
    "capofila_dimension", "capofila_weight", "capofila_not_in", "capofila_no_words", "capofila_shown_when",
}  # fmt: skip


@dataclass
class Drawn:
    """One question as our files have it: its keys, and its words by language."""

    code: str
    row: Row
    keys: dict[str, object]
    words: dict[str, dict[str, object]]


@dataclass
class Area:
    row: Row | None
    name: dict[str, str]


@dataclass
class Asker:
    """Takes the questions of a form one by one; what it finds stands in `drawn`, `areas` and `hidden`."""

    form: Form
    speaker: Speaker
    log: Log
    title: str
    parts: Parts
    profiles: Sequence[str]
    named: Collection[str]  # codes of areas that `capofila_names` lists
    drawn: list[Drawn] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    _groups: dict[str, str] = field(default_factory=dict)  # code of a group -> of its area
    _notes: list[Item] = field(default_factory=list)

    def ask(self) -> None:
        self._taken = {"overall", *(item.row["capofila_code"] or item.name for item in self.form.items)}
        self.when = When(self.form, self.log)
        for group in self.form.groups:
            self.group(group)
        for item in self.form.items:
            self.leave_notes(item.path)
            if item.type == "note":
                self._notes.append(item)
            elif item.type == "other":
                self.log.lose(
                    "xlsform.type",
                    gettext_noop("{name} of type {type} is not carried."),
                    item.row.at("type"),
                    name=item.name,
                    type=item.row["type"],
                )
            else:
                self.question(item)
        self.leave_notes(None)
        self.unused_lists()

    # Groups and notes

    def group(self, group: Group) -> None:
        asked = [item for item in self.form.items if item.type not in {"note", "other"}]
        nested = any(group in item.path[1:] for item in asked)
        if group.repeat:
            self.log.lose(
                "xlsform.repeat",
                gettext_noop("The repeat {name} is not carried: its questions are asked once."),
                group.row.at("type"),
                name=group.name,
            )
        if nested or not any(group in item.path for item in asked):
            spoken_left(self.log, group.row, ("label", "hint", "guidance_hint", "capofila_short"))
        else:
            spoken_left(self.log, group.row, ("hint", "guidance_hint", "capofila_short"))
        left(self.log, group.row, {"type", "name", "relevant", "capofila_code"})

    def area(self, item: Item) -> str:
        if not item.path:
            code = self._groups.setdefault("", free("general", {*self._taken, *self._groups.values()}))
            self.areas.setdefault(code, Area(None, dict.fromkeys(self.speaker.languages, self.title)))
            return code
        row = item.path[0].row
        wanted = row["capofila_code"] or item.path[0].name
        if wanted not in self._groups:
            taken = {*self._taken, *self._groups.values()}
            self._groups[wanted] = wanted if wanted in self.named else free(wanted, taken)
        code = self._groups[wanted]
        if code not in self.areas:
            self.areas[code] = Area(row, self.speaker.said(row, "label", wanted))
        return code

    def leave_notes(self, path: tuple[Group, ...] | None) -> None:
        """Notes whose group ended before another question came."""
        for note in list(self._notes):
            if path is None or path[: len(note.path)] != note.path:
                self._notes.remove(note)
                self.log.lose(
                    "xlsform.note",
                    gettext_noop("The note {name} is not carried: no question of its group follows it."),
                    note.row.at("label"),
                    name=note.name,
                )

    def before(self, item: Item) -> list[dict[str, str]]:
        """The texts of the notes that stand before a question."""
        found = []
        for note in self._notes:
            if note.row.spoken("label"):
                self.log.change(
                    "xlsform.note-moved",
                    gettext_noop("The note {name} stands in the text below the question {question}."),
                    note.row.at("label"),
                    name=note.name,
                    question=item.name,
                )
                found.append(self.speaker.said(note.row, "label"))
            left(self.log, note.row, {"type", "name", "required", "disabled"})
            spoken_left(self.log, note.row, ("hint", "guidance_hint", "capofila_short"))
        self._notes.clear()
        return found

    # A question

    def question(self, item: Item) -> None:
        row = item.row
        code = row["capofila_code"] or (item.name if item.name != "overall" else "overall-question")
        keys: dict[str, object] = {"code": code, "area": self.area(item)}
        if row["capofila_dimension"]:
            keys["dimension"] = row["capofila_dimension"]
        type_, levels = self.parts.type_of(item)
        keys["type"] = type_
        if row["capofila_weight"]:
            keys["weight"] = row["capofila_weight"]
        words = self.texts(item)
        chosen = self.parts.add(Draft(item, type_, levels, keys, words))
        condition = self.when.condition(item)
        if condition is not None:
            keys["shown_when"] = condition
        self.not_in(row, code)
        left(self.log, row, QUESTION_COLUMNS | ({"appearance"} if _is_grid_look(item) else set()))
        self.when.asked[item.name] = Asked(item.name, code, cast(Type, type_), chosen)
        self.drawn.append(Drawn(code, row, keys, words))

    def texts(self, item: Item) -> dict[str, dict[str, object]]:
        notes = self.before(item)
        said = {
            "ask": self.speaker.said(item.row, "label", item.name),
            "why": self.speaker.said(item.row, "hint"),
            "evidence": self.speaker.said(item.row, "guidance_hint"),
            "short": self.speaker.said(item.row, "capofila_short"),
        }
        if notes:
            every = [*notes, said["why"]] if said["why"] else notes
            said["why"] = {lang: "\n".join(texts[lang] for texts in every) for lang in self.speaker.languages}
        return {
            language: {part: texts[language] for part, texts in said.items() if texts}
            for language in self.speaker.languages
        }

    def not_in(self, row: Row, code: str) -> None:
        try:
            profiles = shlex.split(row["capofila_not_in"])
        except ValueError:
            profiles = [row["capofila_not_in"]]
        for profile in profiles:
            if profile in self.profiles:
                self.hidden.setdefault(profile, []).append(code)
            else:
                self.log.refuse(
                    "xlsform.profile",
                    gettext_noop(
                        "There is no profile {profile} in capofila_names; expected one of: {known}."
                    ),
                    row.at("capofila_not_in"),
                    profile=profile,
                    known=", ".join(self.profiles) or "none",
                )

    def unused_lists(self) -> None:
        used = {choice.row.line for item in self.form.items for choice in item.choices}
        for name, choices in self.form.lists.items():
            if choices and not any(choice.row.line in used for choice in choices):
                self.log.lose(
                    "xlsform.unused-list",
                    gettext_noop("The list {list} is not carried: no question has it."),
                    choices[0].row.at("list_name"),
                    list=name,
                )


def _is_grid_look(item: Item) -> bool:
    return item.row["capofila_type"] in GRID and item.row["appearance"] == "field-list"

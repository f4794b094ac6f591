"""What a visitor typed, cleaned; forms save nothing."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from capofila.assessments.actions import Said
from capofila.assessments.rules.answers import LONGEST_NOTE
from capofila.assessments.rules.fold import Entry, State
from capofila.companies.company_file import LONGEST_NAME
from capofila.desk.queries import QuestionCard
from capofila.instruments.rules.shape import LEVELS

NOT_APPLICABLE, CLEAR = "na", "clear"
CHOICES = [(str(level), str(level)) for level in LEVELS] + [
    (NOT_APPLICABLE, _("not applicable")),
    (CLEAR, _("no answer")),
]
LONGEST_REASON = 1_000
SAID_ON_A_PAGE = uuid.UUID("8a4b8d0e-30a2-4a0c-9f2c-7e2d2f6c3f11")


class StartForm(forms.Form):
    company = forms.CharField(label=_("Name of the company"), max_length=LONGEST_NAME)
    profile = forms.ChoiceField(label=_("What it does"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, profiles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = profiles


class AreaForm(forms.Form):
    """The answers to one area: for each question a choice, a reason, a note, and what was seen before.

    `opened` is when the page was made: sent twice, the same page says the same thing once.
    """

    opened = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cards: Sequence[QuestionCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        for card in cards:
            self.fields[f"{card.code}.answer"] = forms.ChoiceField(choices=CHOICES, required=False)
            self.fields[f"{card.code}.reason"] = forms.CharField(max_length=LONGEST_REASON, required=False)
            self.fields[f"{card.code}.note"] = forms.CharField(max_length=LONGEST_NOTE, required=False)
            self.fields[f"{card.code}.seen"] = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for card in self.cards:
            chosen = cleaned.get(f"{card.code}.answer")
            if chosen == NOT_APPLICABLE and not cleaned.get(f"{card.code}.reason"):
                self.add_error(
                    f"{card.code}.reason", _("Say why it does not apply: the reason goes into the report.")
                )
        return cleaned

    def said(self, assessment: int, entries: Mapping[uuid.UUID, Entry]) -> list[Said]:
        """What changed against the entries the visitor had seen; nothing for what stayed as it was."""
        found = [self._said(card, assessment, entries) for card in self.cards]
        return [said for said in found if said is not None]

    def _said(self, card: QuestionCard, assessment: int, entries: Mapping[uuid.UUID, Entry]) -> Said | None:
        typed = {
            name: self.cleaned_data[f"{card.code}.{name}"] for name in ("answer", "reason", "note", "seen")
        }
        seen = entries.get(typed["seen"]) if typed["seen"] else None
        if seen is not None and seen.question != card.code:
            seen = None
        now = _content(typed["answer"], typed["reason"], typed["note"])
        before = _Content(seen.state, seen.value, seen.reason, seen.note) if seen is not None else _Content()
        if now == before:
            return None
        opened: datetime = self.cleaned_data["opened"]
        whole = json.dumps([assessment, card.code, *now, str(typed["seen"]), opened.isoformat()])
        return Said(
            id=uuid.uuid5(SAID_ON_A_PAGE, whole),
            question=card.code,
            state=now.state,
            device_time=opened,
            value=now.value,
            reason=now.reason,
            note=now.note,
            replaces=seen.id if seen is not None else None,
        )

    def shown(self, opened: Collection[str] = ()) -> list["ShownCard"]:
        """The cards as the page draws them: with what was typed where there is a mistake to mend."""
        return [self._shown(card, opened) for card in self.cards]

    def _shown(self, card: QuestionCard, opened: Collection[str]) -> "ShownCard":
        names = ("answer", "reason", "note")
        mistakes = {
            name: [str(said) for said in self.errors.get(f"{card.code}.{name}", [])] for name in names
        }
        typed = self.data if self.is_bound else {}
        chosen = typed.get(f"{card.code}.answer", card.chosen)
        return ShownCard(
            card=card,
            chosen=chosen,
            reason=typed.get(f"{card.code}.reason", card.reason),
            note=typed.get(f"{card.code}.note", card.note),
            mistakes=mistakes,
            is_open=not card.chosen or card.code in opened or any(mistakes.values()),
        )


class _Content(NamedTuple):
    state: State = "cleared"
    value: object = None
    reason: str = ""
    note: str = ""


def _content(answer: str, reason: str, note: str) -> _Content:
    note = note.replace("\r\n", "\n")
    if answer in {"", CLEAR}:
        return _Content(note=note)
    if answer == NOT_APPLICABLE:
        return _Content("not_applicable", None, reason.replace("\r\n", "\n"), note)
    return _Content("answered", int(answer), "", note)


@dataclass(frozen=True)
class ShownCard:
    card: QuestionCard
    chosen: str
    reason: str
    note: str
    mistakes: Mapping[str, Sequence[str]]
    is_open: bool

    @property
    def not_applicable(self) -> bool:
        return self.chosen == NOT_APPLICABLE

    @property
    def level(self) -> str:
        """The level chosen, "1" to "5"; empty for anything else."""
        return self.chosen if self.chosen.isdecimal() else ""

    @property
    def wrong(self) -> bool:
        return any(self.mistakes.values())

"""What people typed about assessments and answers, cleaned; forms save nothing."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from capofila.assessments.cards import CLEAR, NOT_APPLICABLE, VALUE, Card
from capofila.assessments.drawn import KeptPrivately, ShownCard, as_text
from capofila.assessments.implying import Implied
from capofila.assessments.models import Assessment
from capofila.assessments.rules.answers import LONGEST_NOTE
from capofila.assessments.rules.entries import Private, Said
from capofila.assessments.rules.fold import State
from capofila.instruments.rules.shape import LEVELS

PAGE = "page"  # the name of the device when a page without scripts sends its form
CHOICES = [(str(level), str(level)) for level in LEVELS] + [
    (VALUE, _("answered")),
    (NOT_APPLICABLE, _("not applicable")),
    (CLEAR, _("no answer")),
]
LONGEST_REASON = 1_000
SAID_ON_A_PAGE = uuid.UUID("8a4b8d0e-30a2-4a0c-9f2c-7e2d2f6c3f11")


class StartForm(forms.Form):
    instrument = forms.ChoiceField(label=_("Questionnaire"), widget=forms.RadioSelect)
    profile = forms.ChoiceField(
        label=_("What the company does"),
        required=False,
        help_text=_("It changes the wording; the Commission’s questionnaires have none."),
        widget=forms.RadioSelect,
    )
    stage = forms.ChoiceField(label=_("Stage"), choices=Assessment.Stage.choices, widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("Day of the interview"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    interviewer = forms.ChoiceField(label=_("Consultant"))

    def __init__(
        self,
        *args: Any,
        instruments: Sequence[tuple[str, str]],
        profiles: Sequence[tuple[str, str]],
        with_profile: Collection[str],
        people: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.with_profile = with_profile  # instruments that have profiles
        for name, choices in (("instrument", instruments), ("profile", profiles), ("interviewer", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("instrument") in self.with_profile:
            if not cleaned.get("profile"):
                self.add_error("profile", _("This questionnaire needs a profile. Choose one."))
        else:
            cleaned["profile"] = ""
        return cleaned


class InviteForm(forms.Form):
    contact = forms.ChoiceField(label=_("Contact"), widget=forms.RadioSelect)
    areas = forms.MultipleChoiceField(
        label=_("Areas to answer beforehand"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        contacts: Sequence[tuple[str, str]],
        areas: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("contact", contacts), ("areas", areas)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is opened again"),
        help_text=_("It stays on record, with your name and the day."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EvidenceDateForm(forms.Form):
    effective_on = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("Empty where it is from no particular day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is removed"),
        help_text=_("It stays on record, with your name and the day."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswersFileForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet with the answers"),
        help_text=_("XLSX or CSV, with the columns of the file that this page gives."),
    )


class AreaForm(forms.Form):
    """The answers to one area as a page without scripts sends them, all at once.

    `opened` is when the page was made: sent twice, the same page says the same thing once. Whether a
    value is one is for the rule of answers to say; here it is only put together. `told`: what the API
    tells of each question; `before`: what the assessment before said, in words; `privately`: whether
    this person writes private notes and flags; `implied`: what another questionnaire implies, which is
    an answer only where it is confirmed or changed; `hints`: the levels that one leaves.
    """

    opened = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        cards: Sequence[Card],
        told: Mapping[str, Mapping[str, Any]] | None = None,
        before: Mapping[str, str] | None = None,
        privately: bool = False,
        implied: Mapping[str, Implied] | None = None,
        hints: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        self.implied = implied or {}
        self.hints = hints or {}
        self.told = told or {}
        self.before = before or {}
        self.privately = privately
        for card in cards:
            if privately:
                self.fields[f"{card.code}.private"] = forms.CharField(max_length=LONGEST_NOTE, required=False)
                self.fields[f"{card.code}.flag"] = forms.BooleanField(required=False)
                for name in ("private-seen", "flag-seen"):
                    self.fields[f"{card.code}.{name}"] = forms.CharField(max_length=2_000, required=False)
            self.fields[f"{card.code}.answer"] = forms.ChoiceField(choices=CHOICES, required=False)
            for name, longest in (("reason", LONGEST_REASON), ("note", LONGEST_NOTE), ("why", LONGEST_NOTE)):
                self.fields[f"{card.code}.{name}"] = forms.CharField(max_length=longest, required=False)
            self.fields[f"{card.code}.seen"] = forms.CharField(max_length=2_000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for card in self.cards:
            chosen = cleaned.get(f"{card.code}.answer")
            if chosen == NOT_APPLICABLE and not cleaned.get(f"{card.code}.reason"):
                self.add_error(
                    f"{card.code}.reason", _("Say why it does not apply: the reason goes into the report.")
                )
            try:
                for name in ("seen", "private-seen", "flag-seen"):
                    cleaned[f"{card.code}.{name}"] = _ids(cleaned.get(f"{card.code}.{name}", ""))
                cleaned[f"{card.code}.value"] = _value(card, self.data)
            except (ValueError, InvalidOperation):
                self.add_error(f"{card.code}.answer", _("This is not a value for this question."))
        return cleaned

    def said(self, assessment: int) -> list[Said | Private]:
        """What changed against what this person had seen; nothing for what stayed as it was."""
        found: list[Said | Private | None] = [self._said(card, assessment) for card in self.cards]
        if self.privately:
            found += [one for card in self.cards for one in self._privately(card, assessment)]
        return [said for said in found if said is not None]

    def _privately(self, card: Card, assessment: int) -> list[Private]:
        """The private note and the flag, where they are not as they stand."""
        kept, opened = self._private(card), self.cleaned_data["opened"]
        text = _plain(self.cleaned_data[f"{card.code}.private"])
        flagged = self.cleaned_data[f"{card.code}.flag"]
        common = {"question": card.code, "device_time": opened, "device": PAGE}
        found = []
        if text != _plain(kept.text).strip():
            seen = tuple(self.cleaned_data[f"{card.code}.private-seen"])
            id_ = _page_id(assessment, card.code, "private-note", text, seen, opened)
            found.append(Private(id=id_, kind="private-note", text=text, replaces=seen, **common))
        if flagged != kept.flagged:
            seen = tuple(self.cleaned_data[f"{card.code}.flag-seen"])
            id_ = _page_id(assessment, card.code, "flag", flagged, seen, opened)
            found.append(Private(id=id_, kind="flag", flagged=flagged, replaces=seen, **common))
        return found

    def _private(self, card: Card) -> KeptPrivately:
        told = self.told.get(card.code, {})
        return KeptPrivately(
            text="\n".join(note["text"] for note in told.get("private", ())),
            seen=",".join(note["id"] for note in told.get("private", ())),
            flagged=told.get("flagged", False),
            flag_seen=",".join(flag["id"] for flag in told.get("flags", ())),
        )

    def _said(self, card: Card, assessment: int) -> Said | None:
        typed = {name: self.cleaned_data[f"{card.code}.{name}"] for name in ("reason", "note", "why", "seen")}
        now = self._content(card, typed)
        own = card.own.entry if card.own is not None else None
        seen = own is not None and own.id in typed["seen"]
        before = (
            _Content(own.state, own.value, own.reason, own.note, own.why)
            if own is not None and seen
            else _Content()
        )
        if now == before:
            return None
        opened: datetime = self.cleaned_data["opened"]
        return Said(
            id=_page_id(assessment, card.code, *now, typed["seen"], opened),
            question=card.code,
            state=now.state,
            device_time=opened,
            value=now.value,
            reason=now.reason,
            note=now.note,
            why=now.why,
            replaces=tuple(typed["seen"]),
            device=PAGE,
        )

    def _content(self, card: Card, typed: Mapping[str, Any]) -> "_Content":
        answer = self.cleaned_data[f"{card.code}.answer"]
        note, why = _plain(typed["note"]), _plain(typed["why"])
        if answer == NOT_APPLICABLE:
            return _Content("not_applicable", None, _plain(typed["reason"]), note, why)
        value = int(answer) if card.type == "level" and answer.isdecimal() else None
        if card.type != "level" and answer != CLEAR:
            value = self.cleaned_data[f"{card.code}.value"]
            if self.data.get(f"{card.code}.implied"):
                return self._of_implied(card, value, answer, note, why)
            if value in ([], {}, "") and answer != VALUE:
                value = None
        if answer == CLEAR or value is None:
            return _Content(note=note)
        return _Content("answered", value, "", note, why)

    def _of_implied(self, card: Card, value: Any, answer: str, note: str, why: str) -> "_Content":
        """As it stood, unless somebody confirmed what was implied, or changed it."""
        as_implied = as_text(value) == self.data[f"{card.code}.implied"]
        if self.data.get(f"{card.code}.confirm") or answer == VALUE != card.chosen:
            implied = self.implied.get(card.code)
            named = implied.note if implied is not None and as_implied else ""
            return _Content("answered", value, "", note or named, why)
        if not as_implied:
            return _Content("answered", value, "", note, why)
        return _Content("answered", card.value, "", note, why) if card.value else _Content(note=note)

    def shown(self, opened: Collection[str] = ()) -> list[ShownCard]:
        """The cards as the page draws them: with what was typed where there is a mistake to mend."""
        return [self._shown(card, opened) for card in self.cards]

    def _shown(self, card: Card, opened: Collection[str]) -> ShownCard:
        names = ("answer", "reason", "note", "why")
        mistakes = {
            name: [str(said) for said in self.errors.get(f"{card.code}.{name}", [])] for name in names
        }
        typed: Mapping[str, str] = self.data if self.is_bound else {}
        entry = card.own.entry if card.own is not None else None
        kept = {name: getattr(entry, name) if entry is not None else "" for name in names[1:]}
        chosen = typed.get(f"{card.code}.answer", card.chosen)
        implied = self.implied.get(card.code)
        value = card.value if implied is None else implied.value
        return ShownCard(
            card=card,
            chosen=chosen,
            value=_typed(card, self.data) if self.is_bound else value,
            reason=typed.get(f"{card.code}.reason", kept["reason"]),
            note=typed.get(f"{card.code}.note", kept["note"]),
            why=typed.get(f"{card.code}.why", kept["why"]),
            mistakes=mistakes,
            is_open=not card.chosen or card.code in opened or any(mistakes.values()),
            private=self._shown_privately(card, typed) if self.privately else None,
            evidence=[one for one in self.told.get(card.code, {}).get("evidence", ()) if not one["removed"]],
            before=self.before.get(card.code, ""),
            implied=implied,
            hint=self.hints.get(card.code, ""),
        )

    def _shown_privately(self, card: Card, typed: Mapping[str, str]) -> KeptPrivately:
        kept = self._private(card)
        if not self.is_bound:
            return kept
        flagged = bool(typed.get(f"{card.code}.flag"))
        return replace(kept, text=typed.get(f"{card.code}.private", ""), flagged=flagged)


class _Content(NamedTuple):
    state: State = "cleared"
    value: Any = None
    reason: str = ""
    note: str = ""
    why: str = ""


def _page_id(*facts: object) -> uuid.UUID:
    """Of what a page says: sent twice, it is the same."""
    return uuid.uuid5(SAID_ON_A_PAGE, json.dumps(facts, default=_written))


def _written(fact: object) -> str:
    return fact.isoformat() if isinstance(fact, datetime) else str(fact)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _ids(text: str) -> list[uuid.UUID]:
    return [uuid.UUID(part) for part in text.split(",") if part]


def _value(card: Card, data: Any) -> Any:
    """The value as an answers file has it; None, empty text, list or mapping where nothing is said."""
    assert isinstance(data, QueryDict)
    name = f"{card.code}.v"
    if card.type == "ticks":
        return data.getlist(name)
    if card.type == "matrix":
        found = {row.code: data.getlist(f"{name}.{row.code}") for row in card.rows}
        return found if any(found.values()) or data.get(f"{card.code}.answer") == VALUE else {}
    if card.rows:
        given = {row.code: data.get(f"{name}.{row.code}", "") for row in card.rows}
        return {
            row: int(said) if card.type == "scale" and said.isdecimal() else said
            for row, said in given.items()
            if said
        }
    said = data.get(name, "").strip()
    if not said:
        return None
    if card.type == "integer":
        return int(said)
    if card.type == "decimal":
        number = Decimal(said.replace(",", "."))
        if not number.is_finite():
            raise ValueError(said)
        return str(number)
    return date.fromisoformat(said).isoformat() if card.type == "date" else said


def _typed(card: Card, data: Any) -> Any:
    """The value to draw again: what is none stays as it was typed."""
    try:
        return _value(card, data)
    except (ValueError, InvalidOperation):
        return data.get(f"{card.code}.v", "")

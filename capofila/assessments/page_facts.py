"""Texts of an interview's pages, and what their scripts start from: sentences, questions, conditions."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from capofila.assessments.screen import Sheet
from capofila.instruments.rules.shape import Condition, Test


def page_words() -> dict[str, str]:
    """Every sentence that a script shows."""
    return {
        "today": _("today at"),
        "company": _("company"),
        "consultant": _("consultant"),
        "because": _("Because:"),
        "note": _("note"),
        "flagged": _("to take up again"),
        "server": _("on the server"),
        "device": _("on this device"),
        "none": _("no answer yet"),
        "rival": _("two answers"),
        "stuck": _("stopped"),
        "rivals": _("Two answers stand side by side. Choose one: the other stays in the history."),
        "take": _("Keep this one"),
        "remove": _("Remove"),
        "details": _("Details"),
        "details_of": _("Details of %(name)s"),
        "place": _("question %(place)s of %(of)s"),
        "undone": _("Taken back: the answer before it holds again."),
        "none_left": _("There is none left."),
        "nothing_found": _("No question has these words."),
        "waiting": _("%(count)s on this device"),
        "stopped": _("%(count)s stopped"),
        "all_sent": _("everything on the server"),
        "offline": _("They will be sent when the network returns."),
        "signed_out": _("They will be sent once you sign in again."),
        "busy": _("The server does not answer; they are sent again shortly."),
        "other_author": _("They belong to somebody else who used this browser, and wait for that person."),
        "kept": _("This interview opens without a network too."),
        "kept_for_good": _("What is on this device stays until it is sent."),
        "kept_until": _(
            "This browser keeps it until %(day)s; put the page on the home screen to keep it longer."
        ),
        "keeping": _("Made ready to open without a network: %(done)s of %(of)s pages."),
        "not_kept": _("This browser cannot open the interview without a network."),
        "kind_answer": _("answer"),
        "kind_private-note": _("private note"),
        "kind_flag": _("flag"),
        "somebody_else": _("of somebody else"),
        "saved_to_file": _("Saved to a file: %(count)s. They stay here too, until they are sent."),
        "taken_in": _("Taken in from the file: %(count)s of %(of)s; the others were here already."),
        "no_queue_file": _("This file holds no answers from a device. Choose one that this page saved."),
    }  # fmt: skip


def question_facts(found: Sheet) -> list[dict[str, Any]]:
    """All questions of the profile in their order, as the scripts know them."""
    return [
        {
            "code": question.code,
            "number": found.numbers[question.code],
            "area": question.area,
            "type": question.type,
            "ask": found.of(question.code).ask,
            "short": found.of(question.code).short,
            "shown_when": None if question.shown_when is None else condition_json(question.shown_when),
        }
        for question in found.applicable
    ]


def condition_json(condition: Condition | Test) -> dict[str, Any]:
    """A condition as the page's script reads it."""
    if isinstance(condition, Test):
        return {"question": condition.question, "operator": condition.operator, "operand": condition.operand}
    return {"join": condition.join, "tests": [condition_json(test) for test in condition.tests]}


def instrument_name(name: str, language: str) -> str:
    """What people call a questionnaire."""
    code = name.partition("@")[0]
    names = {
        "digital-maturity": _("Digital maturity, 140 questions"),
        "eu-dma-sme": _("European assessment for businesses"),
        "eu-dma-pso": _("European assessment for public bodies"),
    }
    return names.get(code, code)


def usual_reasons() -> list[str]:
    """Why a question often does not apply, to choose from; any other can be written."""
    return [_("we do not do this"), _("somebody else does it for us"), _("too small for it")]


def page_id(assessment: int, question: str, name: str, opened: str) -> uuid.UUID:
    """Of a file that came with a form: sent twice, it is the same."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"capofila:{assessment}/{question}/{name}/{opened}")

"""A refusal in words that people know: actions by their names, never by their codes."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from capofila.assessments.models import Assessment
from capofila.lib.problems import Problem, Refused
from capofila.roadmap import library
from capofila.web.words import in_words

CODE = re.compile(r"\b([a-z]{3}\.[a-z0-9-]+)(?::([0-9]+))?")


def said_with_names(refused: Problem | Refused, assessment: Assessment, language: str) -> list[str]:
    """One sentence for each problem."""
    problems = refused.problems if isinstance(refused, Refused) else (refused,)
    words = library.words(assessment.name, language)
    names = {code: words.of(code, assessment.profile or None).name for code in words.actions}
    return [_named(in_words(problem), names) for problem in problems]


def _named(sentence: str, names: Mapping[str, str]) -> str:
    def name(found: re.Match[str]) -> str:
        code, quarter = found.groups()
        if code not in names:
            return found.group()
        if quarter is None:
            return f"“{names[code]}”"
        return _("“%(action)s” in quarter %(quarter)s") % {"action": names[code], "quarter": quarter}

    return CODE.sub(name, sentence)

"""A `Problem` in the language of the page."""

from django.utils.translation import gettext

from capofila.lib.problems import Problem


def in_words(problem: Problem) -> str:
    """The sentence with its facts, without code and place: those are for files and machines."""
    return problem.words(gettext)

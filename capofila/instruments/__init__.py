"""Versioned questionnaires as files: codes and weights in one, words in one per language.

The files are the truth, there is no table. A released version never changes; an assessment is
pinned to one. `rules/` says what an instrument is and reads it, `library` finds the files.
"""

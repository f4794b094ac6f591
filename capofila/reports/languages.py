"""The languages a report is written in: those of its sentences in `data/`."""

LANGUAGES = ("it", "en")

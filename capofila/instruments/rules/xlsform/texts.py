"""The texts of an XLSForm in every language it has; what is missing is named."""

from collections.abc import Mapping
from dataclasses import dataclass

from capofila.instruments.rules.xlsform.vocabulary import At, Log, Row
from capofila.lib.problems import gettext_noop

Spoken = Mapping[str, str]  # language -> text


@dataclass(frozen=True)
class Speaker:
    """Gives each text in every language; one that is missing is named, and another stands instead."""

    languages: tuple[str, ...]  # the form's own first
    log: Log

    def said(self, row: Row, column: str, fallback: str = "") -> dict[str, str]:
        """Language -> text; without any text the fallback, and nothing where that is empty."""
        texts = row.spoken(column)
        if texts:
            return self.filled(texts, row.at(column))
        if fallback:
            self.log.change(
                "xlsform.no-text",
                gettext_noop("There is no text; {fallback} stands instead."),
                row.at(column),
                fallback=fallback,
            )
        return dict.fromkeys(self.languages, fallback) if fallback else {}

    def filled(self, texts: Spoken, at: At) -> dict[str, str]:
        given = next(language for language in self.languages if language in texts)
        for language in self.languages:
            if language not in texts:
                self.log.change(
                    "xlsform.untranslated",
                    gettext_noop("There is no text in {language}; that in {given} stands instead."),
                    At(at.sheet, at.row, f"{at.column}::{language}"),
                    language=language,
                    given=given,
                )
        return {language: texts.get(language, texts[given]) for language in self.languages}

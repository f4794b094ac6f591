"""All that one report is written from, and the report that it gives, in every form.

Nothing else enters a report: the same parts give the same bytes, as long as the program is the same.
`gathering` reads them from the database, `frozen` keeps them and gives them back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from capofila.assessments.answers_file import Submission
from capofila.companies.company_file import CompanyFacts
from capofila.lib.document import Block, Document
from capofila.reports.peers import Peers
from capofila.reports.rules import markup
from capofila.roadmap.planning import Roadmap

FORMS = ("pdf", "docx", "html")  # modules of `lib.render`, and endings of files


@dataclass(frozen=True)
class Parts:
    language: str
    hub: str  # its name, as the cover says it; empty: none is given
    company: CompanyFacts
    own: Submission
    eu: Submission | None = None  # the company's European one of the same stage
    before: Submission | None = None  # the last closed one of an earlier stage
    roadmap: Roadmap | None = None  # the one that is kept
    peers: Peers | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # key of a text -> what stands there, in markup
    unconfirmed: int = 0  # answers to the European one that are implied, and that nobody has confirmed


def document(parts: Parts) -> Document:
    """Raises what composing raises."""
    from capofila.reports.compose import compose  # noqa: PLC0415 (pages that only look do not need it)

    return compose(
        parts.own,
        parts.company,
        parts.language,
        parts.eu,
        parts.hub,
        roadmap=parts.roadmap,
        peers=parts.peers,
        before=parts.before,
        overrides=as_blocks(parts.texts),
        unconfirmed=parts.unconfirmed,
    )


def rendered(parts: Parts, forms: Iterable[str] = FORMS) -> dict[str, bytes]:
    """The report in each form. Raises what composing and rendering raise."""
    made = document(parts)
    return {form: import_module(f"capofila.lib.render.{form}").render(made) for form in forms}


def as_blocks(texts: Mapping[str, str]) -> dict[str, tuple[Block, ...]]:
    """What was written in place of texts; that of an action is set small, as its own is."""
    return {key: markup.parse(text, small=key.startswith("action.")) for key, text in texts.items()}

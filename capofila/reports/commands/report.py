"""Write a company's report from an answers file and a company file: no database."""

import argparse
from importlib import import_module
from pathlib import Path

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Facts, Submission
from capofila.assessments.commands.arguments import add_answers, facts
from capofila.assessments.comparing import compared
from capofila.companies import company_file
from capofila.companies.company_file import CompanyFacts
from capofila.lib import output
from capofila.lib.problems import Place, Problem, gettext_noop
from capofila.reports.languages import LANGUAGES
from capofila.roadmap.goals import goals

FORMATS = {".pdf": "pdf", ".docx": "docx", ".html": "html"}  # ending -> module of lib.render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_answers(parser)
    parser.add_argument("--company", type=Path, required=True, metavar="FILE", help="JSON or YAML")
    parser.add_argument("--language", choices=LANGUAGES, default="it", help="of the report (it)")
    parser.add_argument("--eu-answers", type=Path, metavar="FILE", help="answers to eu-dma-sme or eu-dma-pso")
    parser.add_argument(
        "--before",
        type=Path,
        metavar="FILE",
        help="the earlier answers to the same instrument, to compare with",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="ends in .pdf, .docx or .html"
    )


def run(arguments: argparse.Namespace) -> None:
    _check_output(arguments.output)
    company = company_file.read(arguments.company, goals())
    submission = answers_file.read(arguments.answers, facts(arguments), company.profile)
    eu = _european(arguments.eu_answers, company) if arguments.eu_answers else None
    before = _before(arguments, submission) if arguments.before else None
    form = FORMATS[arguments.output.suffix.lower()]
    made = _made(form, submission, company, arguments.language, eu=eu, before=before)
    output.write(arguments.output, made)
    print(f"Written: {arguments.output}")


def _made(
    form: str, submission: Submission, company: CompanyFacts, language: str, **parts: Submission | None
) -> bytes:
    """The report; its worker starts while the document is composed. A refusal has not waited for either."""
    if form != "html":
        from capofila.lib import typst  # noqa: PLC0415

        typst.prepare()
    from capofila.reports.compose import compose  # noqa: PLC0415

    made: bytes = import_module(f"capofila.lib.render.{form}").render(
        compose(submission, company, language, parts["eu"], before=parts["before"])
    )
    return made


def _before(arguments: argparse.Namespace, after: Submission) -> Submission:
    """The earlier answers; what their file does not say is as in the later one. Refused before any work."""
    said = Facts(
        instrument=None if arguments.before.suffix.lower() not in answers_file.TABLES else after.name
    )
    before = answers_file.read(arguments.before, said, after.profile)
    compared(before, after)
    return before


def _european(path: Path, company: CompanyFacts) -> Submission:
    """Answers to the Commission's questionnaire; a table does not say which, so the company's type does."""
    named = path.suffix.lower() not in answers_file.TABLES
    code = "eu-dma-pso" if company.type == "pso" else "eu-dma-sme"
    submission = answers_file.read(path, Facts() if named else Facts(instrument=code))
    if submission.instrument.scoring.rule != "eu-dma":
        raise Problem(
            "report.not-european",
            gettext_noop("These are answers to {instrument}; expected eu-dma-sme or eu-dma-pso."),
            at=Place(str(path), key="instrument"),
            instrument=submission.instrument.code,
        )
    return submission


def _check_output(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise Problem(
            "report.format",
            gettext_noop("The report is written as {known}; expected the file's name to end so."),
            at=Place(str(path)),
            known=", ".join(FORMATS),
        )
    output.check_writable(path)

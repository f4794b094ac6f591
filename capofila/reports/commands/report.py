"""Write a company's report from an answers file and a company file: no database."""

import argparse
from pathlib import Path

from capofila.assessments import answers_file
from capofila.assessments.commands.arguments import add_answers, facts
from capofila.companies import company_file
from capofila.lib import output
from capofila.lib.problems import Place, Problem, gettext_noop
from capofila.reports.compose import compose
from capofila.reports.phrases import LANGUAGES
from capofila.roadmap.goals import goals

FORMATS = (".pdf",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_answers(parser)
    parser.add_argument("--company", type=Path, required=True, metavar="FILE", help="JSON or YAML")
    parser.add_argument("--language", choices=LANGUAGES, default="it", help="of the report (it)")
    parser.add_argument("--eu-answers", type=Path, metavar="FILE", help="answers to eu-dma-sme or eu-dma-pso")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf")


def run(arguments: argparse.Namespace) -> None:
    from capofila.lib.render import pdf  # noqa: PLC0415 (a refusal should not wait for the renderer)

    _check_output(arguments.output)
    company = company_file.read(arguments.company, goals())
    submission = answers_file.read(arguments.answers, facts(arguments), company.profile)
    eu = answers_file.read(arguments.eu_answers) if arguments.eu_answers else None
    document = compose(submission, company, arguments.language, eu)
    output.write(arguments.output, pdf.render(document, isolated=False))
    print(f"Written: {arguments.output}")


def _check_output(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise Problem(
            "report.format",
            gettext_noop("The report is written as {known}; expected the file's name to end so."),
            at=Place(str(path)),
            known=", ".join(FORMATS),
        )
    output.check_writable(path)

"""The SME class of an enterprise, from the accounts, holdings and links in a file, with the reasons."""

import argparse
from pathlib import Path

from capofila.companies import group_file
from capofila.companies.rules.reasons import Money, shown_in_english
from capofila.companies.rules.status import CompanySize, company_size
from capofila.companies.size_data import size_rules


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="enterprises, holdings and links, as JSON or YAML")
    parser.add_argument("--json", action="store_true", help="print the class, figures and reasons as JSON")


def run(arguments: argparse.Namespace) -> None:
    asked = group_file.read(arguments.file)
    found = company_size(asked.ties, asked.subject, asked.on, size_rules(asked.on))
    if arguments.json:
        from capofila.lib.commands import print_json  # noqa: PLC0415

        print_json(as_json(found))
    else:
        _print(found)


def as_json(found: CompanySize) -> dict[str, object]:
    figures = found.figures
    return {
        "class": found.size,
        "weights": {name: float(weight) for name, weight in found.group.weights.items()},
        "awu": None if figures is None else float(figures.awu),
        "turnover_eur": None if figures is None else _euros(figures.turnover),
        "balance_sheet_eur": None if figures is None else _euros(figures.balance_sheet),
        "by_year": {str(year): size for year, size in found.by_year.items()},
        "reasons": [reason.words() for reason in found.reasons],
    }


def _euros(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _print(found: CompanySize) -> None:
    print(f"{found.group.subject}: {found.size}")
    if found.figures is not None:
        print(f"  figures of {found.year}: {shown_in_english(found.figures.awu)} annual work units")
        for name, cents in (
            ("turnover", found.figures.turnover),
            ("balance sheet", found.figures.balance_sheet),
        ):
            print(f"  {name}: {'not known' if cents is None else shown_in_english(Money(cents))}")
    print("Counted:")
    for name, weight in found.group.weights.items():
        print(f"  {name}: {shown_in_english(weight * 100)} %")
    print("Each year alone:")
    for year, size in found.by_year.items():
        print(f"  {year}: {size}")
    print("Why:")
    for reason in found.reasons:
        print(f"  {reason.words()}")

"""The demonstration's data and its own today, so that dates in it make sense whenever it is opened."""

from datetime import date
from pathlib import Path

TODAY = date(2026, 6, 8)
CONSULTANT = "Irene Bassani"
BUDGET_CENTS, DAYS_PER_QUARTER = 60_000_00, 40  # for its roadmap
FOLDER = Path(__file__).parent
COMPANY_FILE = FOLDER / "company.yaml"
GROUP_FILE = FOLDER / "group.yaml"
ANSWERS_FILES = (FOLDER / "answers.yaml", FOLDER / "eu-answers.yaml")

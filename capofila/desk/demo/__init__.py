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

# Two more companies: one a year on, one that comes to the Commission's questionnaire after ours
YEAR_COMPANY, YEAR_FILE = FOLDER / "torneria-company.yaml", FOLDER / "torneria-year.yaml"
YEAR_ANSWERS = (FOLDER / "torneria-t0.yaml", FOLDER / "torneria-t1.yaml")
ONCE_COMPANY, ONCE_ANSWERS = FOLDER / "lavanderia-company.yaml", FOLDER / "lavanderia.yaml"
ONCE_DAY = date(2026, 6, 4)  # on which its European assessment begins

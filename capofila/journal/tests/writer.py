"""One of several processes that write into the journal at once; `test_writers.py` starts them.

    python -m capofila.journal.tests.writer NAME COUNT

Every third deed is taken back, and its entry with it. All act as one person, whom each of them may be the
first to enter.
"""

import sys

import django
from django.db import transaction


def write(name: str, count: int) -> None:
    from capofila.journal import actions  # noqa: PLC0415 (needs Django set up)
    from capofila.journal.chain import About  # noqa: PLC0415

    everybody = actions.Actor(None, "Everybody", "consultant")
    company = About("companies", "company", name)
    for number in range(count):
        with transaction.atomic():
            actions.record("companies.corrected", by=everybody, about=company, number=number)
            transaction.set_rollback(number % 3 == 2)


if __name__ == "__main__":
    django.setup()
    write(sys.argv[1], int(sys.argv[2]))

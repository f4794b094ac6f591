"""What is generated is what its source says today."""

from pathlib import Path

import pytest
from django.core.management import call_command

from capofila.consortium import access_page

DOCS = Path(__file__).resolve().parent.parent / "docs"


def test_the_page_of_rights_is_up_to_date() -> None:
    """Renew it: `.venv/bin/capofila document_access > docs/access.md`."""
    assert (DOCS / "access.md").read_text(encoding="utf-8") == access_page.page()


@pytest.mark.django_db
def test_migrations_are_those_of_the_models() -> None:
    """Renew them: `.venv/bin/capofila makemigrations`."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

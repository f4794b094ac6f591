"""Mail: in the caller's transaction, sent by the queue, tried again, blanked once it is gone."""

from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from capofila.accounts import mail
from capofila.accounts.models import Mail
from capofila.accounts.tests.builders import NOON

pytestmark = pytest.mark.django_db
TEMPLATE = "accounts/mail/link"


def write(language: str = "it", **facts: Any) -> Mail:
    said = {"name": "Élodie <b>", "address": "http://localhost/?a=1&b=2", "days": 7, **facts}
    return mail.write(TEMPLATE, to="alice@example.org", language=language, at=NOON, **said)


def fresh(written: Mail) -> Mail:
    return Mail.objects.get(pk=written.pk)


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where the mail server should be."""

    def refused(self: EmailMessage, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(EmailMessage, "send", refused)


def test_a_mail_is_written_in_the_language_of_who_receives_it_and_nothing_is_escaped() -> None:
    italian, english = write("it"), write("en")

    assert italian.subject == "Il vostro collegamento a Capofila"
    assert english.subject == "Your link to Capofila"
    assert "Hello Élodie <b>," in english.text
    assert "http://localhost/?a=1&b=2" in english.text


def test_a_language_that_we_do_not_have_becomes_the_hubs() -> None:
    assert write("fr").subject == "Il vostro collegamento a Capofila"


def test_a_subject_is_one_line_whatever_the_facts_hold() -> None:
    written = mail.write(
        "consortium/mail/invitation", to="a@example.org", language="en", at=NOON,
        partner="Rete\r\nBcc: all@example.org", name="", inviter="", hub="", role="", address="", days=1,
    )  # fmt: skip

    assert "\n" not in written.subject


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_transaction_that_fails_is_never_sent() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert not Mail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_queue_sends_a_mail_once_and_keeps_no_text_of_it() -> None:
    written = write()
    mail.deliver.call(written.pk)
    mail.deliver.call(written.pk)

    assert [message.to for message in outbox.outbox] == [["alice@example.org"]]
    assert "http://localhost/?a=1&b=2" in outbox.outbox[0].body
    assert (fresh(written).text, fresh(written).attempts) == ("", 1)
    assert fresh(written).sent_at is not None


@pytest.mark.usefixtures("no_server")
def test_a_mail_that_could_not_be_sent_is_tried_again_later_each_time() -> None:
    written = write()
    waits = []
    for _ in mail.PATIENCE:
        DBTaskResult.objects.all().delete()
        mail.deliver.call(written.pk)
        later = DBTaskResult.objects.get().run_after
        waits.append(round((later - timezone.now()).total_seconds() / 60))

    assert waits == list(mail.PATIENCE)
    assert fresh(written).error == "nobody there"
    assert fresh(written).text != ""


@pytest.mark.usefixtures("no_server")
def test_after_the_last_attempt_it_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    written = write()
    Mail.objects.update(attempts=len(mail.PATIENCE))
    DBTaskResult.objects.all().delete()

    mail.deliver.call(written.pk)

    assert fresh(written).given_up_at is not None
    assert not DBTaskResult.objects.exists()
    assert "was not sent in 6 attempts" in caplog.text


def test_in_a_demonstration_nothing_leaves_the_machine_and_the_text_can_be_read(settings: Settings) -> None:
    settings.CAPOFILA_DEMO = True
    written = write()

    mail.deliver.call(written.pk)

    assert outbox.outbox == []
    assert fresh(written).sent_at is not None
    assert "http://localhost/" in fresh(written).text


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_what_waits_and_what_an_interrupted_one_left() -> None:
    write()
    forgotten = write()
    DBTaskResult.objects.filter(args_kwargs__args=[forgotten.pk]).delete()

    call_command("work", "--once")

    assert Mail.objects.filter(sent_at__isnull=False).count() == 2
    assert len(outbox.outbox) == 2

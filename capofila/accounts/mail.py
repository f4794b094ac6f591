"""Mail: written into a table in the caller's transaction, sent by the queue, tried again when it fails.

A template is a file for each language, `<room>/mail/<name>.<language>.txt`: the subject, an empty line,
the text. The worker is `capofila work`.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django_tasks import task

from capofila.accounts.models import Mail

# Minutes until each further attempt; after the last one the mail is given up, and said so in the log.
PATIENCE = (1, 5, 30, 120, 720)
LONGEST_SUBJECT = 200
log = logging.getLogger(__name__)


def write(template: str, *, to: str, language: str, at: datetime, **facts: object) -> Mail:
    """Write a message and put it into the queue."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    found: Any = get_template(f"{template}.{known}.txt")
    subject, _, text = found.template.render(Context(facts, autoescape=False)).partition("\n")
    mail = Mail.objects.create(
        to=to,
        language=known,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=text.strip() + "\n",
        created_at=at,
    )
    deliver.enqueue(mail.pk)
    return mail


@task()
def deliver(pk: int) -> None:
    """Send one message, unless it is sent; on failure come back later."""
    mail = Mail.objects.filter(pk=pk, sent_at__isnull=True, given_up_at__isnull=True).first()
    if mail is None:
        return
    if settings.CAPOFILA_DEMO:  # nothing leaves the machine
        Mail.objects.filter(pk=pk).update(sent_at=timezone.now(), attempts=F("attempts") + 1)
        return
    try:
        EmailMessage(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to]).send()
    except (OSError, smtplib.SMTPException) as reason:  # the server is not there, or does not want it
        _try_again(mail, reason, at=timezone.now())
    else:
        Mail.objects.filter(pk=pk).update(
            sent_at=timezone.now(), attempts=F("attempts") + 1, error="", text=""
        )


def _try_again(mail: Mail, reason: Exception, *, at: datetime) -> None:
    attempts = mail.attempts + 1
    last = attempts > len(PATIENCE)
    Mail.objects.filter(pk=mail.pk).update(
        attempts=attempts, error=str(reason)[:200], given_up_at=at if last else None
    )
    if last:
        log.error("Mail %s was not sent in %s attempts: %s", mail.pk, attempts, reason)
        return
    log.warning("Mail %s was not sent, attempt %s: %s", mail.pk, attempts, reason)
    later = at + timedelta(minutes=PATIENCE[attempts - 1])
    deliver.using(run_after=later).enqueue(mail.pk)


def queue_unsent() -> int:
    """Put into the queue what an interrupted worker left behind; how many. Twice in it is sent once."""
    waiting = list(
        Mail.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, attempts=0).values_list(
            "pk", flat=True
        )
    )
    for pk in waiting:
        deliver.enqueue(pk)
    return len(waiting)

"""The benchmark is frozen by the worker, the night after a quarter ends, and when a worker begins."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from capofila.assessments import benchmark_freezing
from capofila.assessments.models import Assessment, BenchmarkFreeze
from capofila.assessments.rules import cohorts

HOUR = time(3)  # at night


def queue_due() -> int:
    """Put the freeze of the last quarter into the queue where it is missing, or nothing waits; how many."""
    on = cohorts.last_quarter_end(timezone.localdate())
    if _waits() and not _is_missing(on):
        return 0
    freeze_due.enqueue()
    return 1


def _waits() -> bool:
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return waiting.filter(task_path=freeze_due.module_path).exists()


def _is_missing(on: date) -> bool:
    done = Assessment.objects.filter(state=Assessment.State.COMPLETE).exclude(
        instrument__in=BenchmarkFreeze.objects.filter(on=on).values("instrument")
    )
    return done.exists()


@task()
def freeze_due() -> None:
    """Freeze the last quarter unless it is frozen; the next one waits for its night."""
    today = timezone.localdate()
    if not _waits():
        first_day = cohorts.next_quarter_end(today) + timedelta(days=1)
        run_after = timezone.make_aware(datetime.combine(first_day, HOUR))
        freeze_due.using(run_after=run_after).enqueue()
    on = cohorts.last_quarter_end(today)
    benchmark_freezing.freeze_all(on, today=today, at=timezone.now())

"""An entry may replace several at once: so does the one that resolves a conflict.

The rows are rewritten once, while the triggers that guard them are away.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from capofila.journal.append_only import RowsAreOnlyAdded

ONLY_ADDED = RowsAreOnlyAdded(
    name="assessments_answerentry",
    because="an answer that was given is neither changed nor removed: add one that replaces it",
)


def _rows(apps: Apps) -> Any:
    """The rows as they are at this point of the migration."""
    return apps.get_model("assessments", "AnswerEntry")._default_manager.all()


def to_lists(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in _rows(apps).filter(replaced__isnull=False).iterator():
        row.replaces = [str(row.replaced)]
        row.save(update_fields=["replaces"])


def to_single(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What resolved a conflict keeps the first id alone."""
    for row in _rows(apps).exclude(replaces=[]).iterator():
        row.replaced = row.replaces[0]
        row.save(update_fields=["replaced"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_entries_are_only_added")]
    operations = [
        migrations.RemoveConstraint(model_name="answerentry", name="assessments_answerentry"),
        migrations.RemoveConstraint(model_name="answerentry", name="assessments_entry_replaces_another"),
        migrations.RenameField(model_name="answerentry", old_name="replaces", new_name="replaced"),
        migrations.AddField(
            model_name="answerentry", name="replaces", field=models.JSONField(blank=True, default=list)
        ),
        migrations.RunPython(to_lists, to_single),
        migrations.RemoveField(model_name="answerentry", name="replaced"),
        migrations.AddField(
            model_name="answerentry",
            name="why",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="answerentry",
            name="clock_offset_ms",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(model_name="answerentry", constraint=ONLY_ADDED),
    ]

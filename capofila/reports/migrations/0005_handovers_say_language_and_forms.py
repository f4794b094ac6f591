"""What was handed over says its language and the checksums of its other forms by itself; then the rows are
guarded again."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from capofila.journal.append_only import RowsAreOnlyAdded


def say(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    copies: dict[tuple[int, str], str] = {
        (copy.report_id, copy.form): copy.sha256 for copy in _rows(apps, "Copy").iterator()
    }
    for row in _rows(apps, "Handover").select_related("report").iterator():
        row.language = row.report.language
        row.docx = copies.get((row.report_id, "docx"), "")
        row.html = copies.get((row.report_id, "html"), "")
        row.inputs = ""  # a checksum of another kind, of which no file was kept
        row.save(update_fields=["language", "docx", "html", "inputs"])


def _rows(apps: Apps, name: str) -> Any:
    return apps.get_model("reports", name)._default_manager.all()


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_handovers_freeze_every_form")]
    operations = [
        migrations.AlterField("handover", "inputs", models.CharField(max_length=64, blank=True)),
        migrations.RunPython(say, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                fields=["assessment", "number", "language"], name="reports_one_handover_in_each_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=RowsAreOnlyAdded(
                name="reports_handover", because="what was handed over stays as it was"
            ),
        ),
    ]

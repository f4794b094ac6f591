"""A version is handed over in each of its languages, with every form; rows are rewritten in the next step.

The triggers that guard the rows stay away until then.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_copies_and_written_texts")]
    operations = [
        migrations.RemoveConstraint(model_name="handover", name="reports_handover"),
        migrations.RemoveConstraint(model_name="handover", name="reports_one_handover_for_each_number"),
        migrations.AddField(
            model_name="handover",
            name="language",
            field=models.CharField(default="", max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="handover",
            name="docx",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="handover",
            name="html",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]

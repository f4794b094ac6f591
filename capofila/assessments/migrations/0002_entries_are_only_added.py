from django.db import migrations

from capofila.journal.append_only import RowsAreOnlyAdded


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="answerentry",
            constraint=RowsAreOnlyAdded(
                name="assessments_answerentry",
                because="an answer that was given is neither changed nor removed: add one that replaces it",
            ),
        ),
    ]

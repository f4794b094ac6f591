import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import capofila.journal.append_only


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_handed_over_and_evidence_dates"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("inputs", models.CharField(max_length=64)),
                ("to_name", models.CharField(max_length=200)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.report"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="reports_handover_is_counted_from_one"
                    ),
                    models.UniqueConstraint(
                        fields=("assessment", "number"), name="reports_one_handover_for_each_number"
                    ),
                    capofila.journal.append_only.RowsAreOnlyAdded(
                        because="what was handed over stays as it was", name="reports_handover"
                    ),
                ],
            },
        ),
    ]

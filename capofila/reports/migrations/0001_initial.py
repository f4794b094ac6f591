import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0001_initial"),
        ("companies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("inputs", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("ready", "ready"), ("superseded", "replaced by a newer one")],
                        default="ready",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ready", "superseded"])),
                        name="reports_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pages__gt", 0), ("size__gt", 0)),
                        name="reports_report_is_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ready")),
                        fields=("assessment", "language"),
                        name="reports_one_ready_report_per_language",
                    ),
                ],
            },
        ),
    ]

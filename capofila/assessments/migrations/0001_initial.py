import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("companies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instrument", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=20)),
                ("profile", models.CharField(blank=True, max_length=40)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("T0", "first assessment"),
                            ("T1", "second assessment"),
                            ("T2", "third assessment"),
                        ],
                        default="T0",
                        max_length=2,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "in progress"), ("complete", "closed")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("day", models.DateField()),
                ("consultant", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerEntry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("question", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("answered", "answered"),
                            ("not_applicable", "not applicable"),
                            ("cleared", "taken back"),
                        ],
                        max_length=14,
                    ),
                ),
                ("value", models.JSONField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("author_name", models.CharField(blank=True, max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[("consultant", "consultant"), ("company", "company")], max_length=10
                    ),
                ),
                ("device", models.CharField(blank=True, max_length=100)),
                ("replaces", models.UUIDField(blank=True, null=True)),
                ("device_time", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="assessments.assessment",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["T0", "T1", "T2"])), name="assessments_stage_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "complete"])), name="assessments_state_is_known"
            ),
        ),
        migrations.AddIndex(
            model_name="answerentry",
            index=models.Index(fields=["assessment", "question"], name="assessments_by_question"),
        ),
        migrations.AddConstraint(
            model_name="answerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("state", "answered"), ("value__isnull", False)),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("state", "not_applicable"),
                        ("value__isnull", True),
                    ),
                    models.Q(("reason", ""), ("state", "cleared"), ("value__isnull", True)),
                    _connector="OR",
                ),
                name="assessments_entry_has_value_or_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["consultant", "company"])), name="assessments_role_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("replaces", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="assessments_entry_replaces_another",
            ),
        ),
    ]

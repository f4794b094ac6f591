import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from capofila.journal.append_only import RowsAreOnlyAdded


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="journal_has_one_head")
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=254)),
                ("role", models.CharField(blank=True, max_length=60)),
                ("salt", models.CharField(blank=True, max_length=32)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("about_room", models.CharField(max_length=40)),
                ("about_kind", models.CharField(max_length=60)),
                ("about_id", models.CharField(max_length=100)),
                ("facts", models.JSONField()),
                ("at", models.DateTimeField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.person"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("user", "name", "role"), name="journal_one_person_per_name_and_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), ("role", ""), ("salt", ""), ("user__isnull", True)),
                    models.Q(
                        models.Q(("name", ""), _negated=True),
                        models.Q(("role", ""), _negated=True),
                        models.Q(("salt", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="journal_person_is_whole_or_blank",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["about_room", "about_kind", "about_id"], name="journal_by_what_it_is_about"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("sequence__gt", 0)), name="journal_numbers_start_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("previous",), name="journal_does_not_fork"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=RowsAreOnlyAdded(
                because="the journal is neither changed nor shortened: rows are only added",
                name="journal_entry",
            ),
        ),
    ]

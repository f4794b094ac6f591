import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                (
                    "type",
                    models.CharField(
                        choices=[("sme", "small or medium-sized enterprise"), ("pso", "public body")],
                        default="sme",
                        max_length=3,
                    ),
                ),
                ("vat", models.CharField(blank=True, max_length=16)),
                ("tax_code", models.CharField(blank=True, max_length=16)),
                ("rea", models.CharField(blank=True, max_length=12)),
                ("ateco_version", models.CharField(blank=True, max_length=4)),
                ("ateco_code", models.CharField(blank=True, max_length=10)),
                ("province", models.CharField(blank=True, max_length=2)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("profile", models.CharField(blank=True, max_length=40)),
                (
                    "size",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("micro", "micro enterprise"),
                            ("small", "small enterprise"),
                            ("medium", "medium-sized enterprise"),
                            ("small-mid-cap", "small mid-cap"),
                            ("large", "large enterprise"),
                        ],
                        max_length=13,
                    ),
                ),
                ("size_is_provisional", models.BooleanField(default=False)),
                ("employees", models.PositiveIntegerField(blank=True, null=True)),
                ("turnover_cents", models.BigIntegerField(blank=True, null=True)),
                ("balance_sheet_cents", models.BigIntegerField(blank=True, null=True)),
                ("goals", models.JSONField(blank=True, default=list)),
                ("goals_text", models.TextField(blank=True)),
                ("language", models.CharField(default="it", max_length=5)),
                ("is_demo", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="companies_name_is_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["sme", "pso"])), name="companies_type_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("size__in", ["", "micro", "small", "medium", "small-mid-cap", "large"])
                        ),
                        name="companies_size_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ateco_code", ""), ("ateco_version", "")),
                            models.Q(
                                models.Q(("ateco_code", ""), _negated=True),
                                ("ateco_version__in", ["2007", "2025"]),
                            ),
                            _connector="OR",
                        ),
                        name="companies_ateco_has_its_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("turnover_cents__isnull", True), ("turnover_cents__gte", 0), _connector="OR"
                        ),
                        name="companies_turnover_is_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("balance_sheet_cents__isnull", True),
                            ("balance_sheet_cents__gte", 0),
                            _connector="OR",
                        ),
                        name="companies_balance_sheet_is_not_negative",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("vat", ""), _negated=True),
                        fields=("vat",),
                        name="companies_one_company_per_vat",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("role", models.CharField(blank=True, max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="companies.company",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("company", "email"),
                        name="companies_one_contact_per_email",
                    )
                ],
            },
        ),
    ]

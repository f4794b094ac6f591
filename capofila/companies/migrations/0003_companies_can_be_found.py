"""Companies entered before the registry get what it finds and orders them by."""

from typing import Any

from django.db import migrations

from capofila.companies import sectors
from capofila.companies.rules import names, search


def index(apps: Any, schema_editor: Any) -> None:
    company_model, gram_model = (apps.get_model("companies", name) for name in ("Company", "SearchGram"))
    for company in company_model.objects.iterator(chunk_size=500):
        company.sector = sectors.sector_of(company.ateco_code)
        company.name_key = " ".join(names.telling(company.name))[:100]
        company.search_text = search.text(
            company.name, company.vat, company.tax_code, company.city, company.province
        )
        company.save(update_fields=["sector", "name_key", "search_text"])
        grams = sorted(search.grams(company.search_text.split(" ")))
        gram_model.objects.bulk_create(gram_model(company=company, gram=gram) for gram in grams)


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_registry")]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]

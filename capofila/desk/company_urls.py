"""Addresses of the registry and of the company's file; names are the desk's."""

from django.urls import path

from capofila.desk import company_views, group_file_views, group_views, import_views, registry_views

urlpatterns = [
    path("companies/", registry_views.registry, name="registry"),
    path("companies/new/", company_views.add, name="add-company"),
    path("companies/duplicates/", registry_views.duplicates, name="duplicates"),
    path("companies/duplicates/<int:pk>/", registry_views.merge, name="merge"),
    path("companies/lists/", import_views.imports, name="imports"),
    path("companies/lists/<int:pk>/", import_views.import_run, name="import"),
    path("companies/<int:pk>/file/", company_views.company_file, name="company-file"),
    path("companies/<int:pk>/file/correct/", company_views.correct, name="correct-company"),
    path("companies/<int:pk>/file/note/", company_views.add_note, name="add-note"),
    path("companies/<int:pk>/file/status/", company_views.declare, name="declare"),
    path("companies/<int:pk>/file/status/<int:status>/end/", company_views.end_status, name="end-status"),
    path("companies/<int:pk>/file/serve/", company_views.serve, name="serve"),
    path("companies/<int:pk>/file/contact/", company_views.add_contact, name="add-contact"),
    path(
        "companies/<int:pk>/file/contact/<int:contact>/", company_views.change_contact, name="change-contact"
    ),
    path("companies/<int:pk>/file/contact/<int:contact>/consent/", company_views.consent, name="consent"),
    path("companies/<int:pk>/group/", group_views.group, name="group"),
    path("companies/<int:pk>/group/file/", group_file_views.download, name="group-file"),
    path("companies/<int:pk>/group/upload/", group_file_views.upload, name="group-upload"),
    path("companies/<int:pk>/group/enterprise/", group_views.add_enterprise, name="add-enterprise"),
    path(
        "companies/<int:pk>/group/enterprise/<int:enterprise>/",
        group_views.change_enterprise,
        name="change-enterprise",
    ),
    path("companies/<int:pk>/group/accounts/", group_views.add_accounts, name="add-accounts"),
    path(
        "companies/<int:pk>/group/accounts/<int:accounts>/",
        group_views.change_accounts,
        name="change-accounts",
    ),
    path("companies/<int:pk>/group/holding/", group_views.add_holding, name="add-holding"),
    path(
        "companies/<int:pk>/group/holding/<int:holding>/", group_views.change_holding, name="change-holding"
    ),
    path("companies/<int:pk>/group/link/", group_views.add_link, name="add-link"),
    path("companies/<int:pk>/group/link/<int:link>/", group_views.change_link, name="change-link"),
]

"""Pages of the desk."""

from django.urls import path

from capofila.desk import company_views, import_views, persona_views, registry_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("enter/", persona_views.personas, name="personas"),
    path("outbox/", persona_views.outbox, name="outbox"),
    path("companies/", registry_views.registry, name="registry"),
    path("companies/new/", company_views.add, name="add-company"),
    path("companies/duplicates/", registry_views.duplicates, name="duplicates"),
    path("companies/duplicates/<int:pk>/", registry_views.merge, name="merge"),
    path("companies/lists/", import_views.imports, name="imports"),
    path("companies/lists/<int:pk>/", import_views.import_run, name="import"),
    path("companies/<int:pk>/", views.company, name="company"),
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
    path("questionnaire/", views.start, name="start"),
    path("assessments/<int:pk>/report/", views.reports_of, name="reports"),
    path("assessments/<int:pk>/report/make/", views.make_report, name="make-report"),
    path("assessments/<int:pk>/report/<str:language>/", views.report, name="report"),
]

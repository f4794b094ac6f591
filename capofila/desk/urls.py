"""Pages of the desk."""

from django.urls import include, path

from capofila.desk import company_urls, comparison_views, persona_views, report_views, text_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("enter/", persona_views.personas, name="personas"),
    path("outbox/", persona_views.outbox, name="outbox"),
    path("", include(company_urls)),
    path("companies/<int:pk>/", views.company, name="company"),
    path("companies/<int:pk>/side-by-side/", views.side_by_side, name="side-by-side"),
    path("questionnaire/", views.start, name="start"),
    path("assessments/<int:pk>/comparison/", comparison_views.comparison, name="comparison"),
    path("assessments/<int:pk>/report/", report_views.reports_of, name="reports"),
    path("assessments/<int:pk>/report/make/", report_views.make_report, name="make-report"),
    path("assessments/<int:pk>/report/hand-over/", report_views.hand_over, name="hand-over"),
    path("assessments/<int:pk>/report/<str:language>/", report_views.report, name="report"),
    path("assessments/<int:pk>/report/<str:language>/texts/", text_views.texts_of, name="texts"),
    path("assessments/<int:pk>/report/<str:language>/texts/<str:key>/", text_views.text, name="text"),
]

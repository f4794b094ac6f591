"""The rooms' pages, mounted."""

from django.urls import include, path

urlpatterns = [
    path("", include("capofila.desk.urls")),
    path("reports/", include("capofila.reports.urls")),
]
handler404 = "capofila.web.views.not_found"
handler500 = "capofila.web.views.broken"

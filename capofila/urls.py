"""The rooms' pages, mounted."""

from django.urls import include, path

from capofila.accounts.urls import address
from capofila.api import urls as api_urls

urlpatterns = [
    path("", include("capofila.desk.urls")),
    path("", include("capofila.web.urls")),
    path("assessments/", include("capofila.assessments.urls")),
    path("", include("capofila.roadmap.urls")),
    path("account/", include("capofila.accounts.urls")),
    path("address/", include(address)),
    path("", include("capofila.consortium.urls")),
    path("reports/", include("capofila.reports.urls")),
    path("api/", include((api_urls(), "api"))),
]
handler404 = "capofila.web.views.not_found"
handler500 = "capofila.web.views.broken"

"""Downloads of reports."""

from django.urls import path

from capofila.reports import views

app_name = "reports"
urlpatterns = [
    path("<int:pk>/", views.download, name="download"),
    path("<int:pk>/word/", views.download_copy, {"form": "docx"}, name="download-docx"),
    path("<int:pk>/html/", views.download_copy, {"form": "html"}, name="download-html"),
    path("handed-over/<int:pk>/", views.handed_over, name="handed-over"),
]

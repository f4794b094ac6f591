"""Downloads of reports."""

from django.urls import path

from capofila.reports import views

app_name = "reports"
urlpatterns = [
    path("<int:pk>/", views.download, {"form": "pdf"}, name="download"),
    path("<int:pk>/word/", views.download, {"form": "docx"}, name="download-docx"),
    path("<int:pk>/html/", views.download, {"form": "html"}, name="download-html"),
    path("handed-over/<int:pk>/", views.handed_over, {"form": "pdf"}, name="handed-over"),
    path("handed-over/<int:pk>/word/", views.handed_over, {"form": "docx"}, name="handed-over-docx"),
    path("handed-over/<int:pk>/html/", views.handed_over, {"form": "html"}, name="handed-over-html"),
    path("handed-over/<int:pk>/inputs/", views.inputs, name="handed-over-inputs"),
]

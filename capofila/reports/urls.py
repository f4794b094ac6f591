"""Downloads of reports."""

from django.urls import path

from capofila.reports import views

app_name = "reports"
urlpatterns = [
    path("<int:pk>/", views.download, name="download"),
    path("handed-over/<int:pk>/", views.handed_over, name="handed-over"),
]

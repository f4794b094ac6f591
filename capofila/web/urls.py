"""What every room shares: the service worker, the sheet of components."""

from django.urls import path

from capofila.web import views

app_name = "web"
urlpatterns = [
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("web/components/", views.components, name="components"),
]

"""Pages of assessments."""

from django.urls import path

from capofila.assessments import views

app_name = "assessments"
urlpatterns = [
    path("new/<int:company>/", views.start, name="start"),
    path("device/", views.device, name="device"),
    path("<int:pk>/", views.overview, name="overview"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/complete/", views.complete, name="complete"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/answers.xlsx", views.answers_out, name="answers-out"),
    path("<int:pk>/answers/", views.answers_in, name="answers-in"),
    path("<int:pk>/areas/<slug:area>/", views.area, name="area"),
]

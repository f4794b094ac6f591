"""Pages of the desk."""

from django.urls import path

from capofila.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="language"),
    path("companies/<int:pk>/", views.company, name="company"),
    path("questionnaire/", views.start, name="start"),
    path("questionnaire/<int:pk>/", views.questionnaire, name="questionnaire"),
    path("questionnaire/<int:pk>/report/", views.make_report, name="make-report"),
    path("questionnaire/<int:pk>/report/<str:language>/", views.report, name="report"),
    path("questionnaire/<int:pk>/<slug:area>/", views.area, name="area"),
]

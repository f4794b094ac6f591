"""Pages of assessments."""

from django.urls import path

from capofila.assessments import benchmark_views, evidence_views, interview_views, sheet_views, views

app_name = "assessments"
urlpatterns = [
    path("new/<int:company>/", views.start, name="start"),
    path("device/", interview_views.device, name="device"),
    path("evidence/<uuid:pk>/", evidence_views.piece, name="evidence"),
    path("<int:pk>/", views.overview, name="overview"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/complete/", views.complete, name="complete"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/benchmark/", benchmark_views.page, name="benchmark"),
    path("<int:pk>/paper/", sheet_views.paper, name="paper"),
    path("<int:pk>/answers.xlsx", sheet_views.answers_out, name="answers-out"),
    path("<int:pk>/answers/", sheet_views.answers_in, name="answers-in"),
    path("<int:pk>/areas/<slug:area>/", interview_views.area, name="area"),
]

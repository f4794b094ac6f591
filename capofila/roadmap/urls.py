"""Pages of the roadmap."""

from django.urls import path

from capofila.roadmap import views

app_name = "roadmap"
OF = "assessments/<int:pk>/roadmap/"
urlpatterns = [
    path("roadmap/weights/", views.weights, name="weights"),
    path(OF, views.roadmap, name="roadmap"),
    path(f"{OF}change/", views.change, name="change"),
    path(f"{OF}goals/", views.goals_page, name="goals"),
    path(f"{OF}versions/", views.versions, name="versions"),
    path(f"{OF}versions/<int:number>/", views.version, name="version"),
    path(f"{OF}hand-over/", views.hand_over, name="hand-over"),
    path(f"{OF}actions/<str:action>/", views.action, name="action"),
    path(f"{OF}actions/<str:action>/progress/", views.progress, name="progress"),
]

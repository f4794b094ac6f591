"""Pages of the consortium."""

from django.urls import path

from capofila.consortium import token_views, views

app_name = "consortium"
urlpatterns = [
    path("hub/", views.hub, name="hub"),
    path("partners/", views.partners, name="partners"),
    path("partners/add/", views.add_partner, name="add-partner"),
    path("partners/<int:pk>/", views.partner, name="partner"),
    path("partners/<int:pk>/rename/", views.rename_partner, name="rename-partner"),
    path("partners/<int:pk>/invite/", views.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", views.change_role, name="change-role"),
    path("people/<int:pk>/end/", views.end, name="end"),
    path("people/leave/", views.leave, name="leave"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("join/<str:secret>/", views.join, name="join"),
]

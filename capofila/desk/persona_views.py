"""Two pages of the demonstration alone: who one wants to be, and the mail that would have been sent."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from capofila.accounts.models import Mail, User
from capofila.accounts.views import BACKEND
from capofila.consortium.access import needs
from capofila.desk import personas as people
from capofila.desk.words import role_name
from capofila.web.access import demonstration, opens_to

NEWEST = 50  # mails shown


@opens_to(demonstration)
def personas(request: HttpRequest) -> HttpResponse:
    """Choose who to be; no password, since only who sits at this machine gets here."""
    goes_to = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(goes_to, allowed_hosts=None):
        goes_to = "/"
    if request.method == "POST":
        chosen = request.POST.get("persona", "")
        user = people.persona(int(chosen)) if chosen.isdecimal() else None
        if user is None:
            raise Http404
        enter_as(request, user)
        return redirect(goes_to)
    rows = [(persona, role_name(persona.who)) for persona in people.personas()]
    return render(request, "desk/personas.html", {"rows": rows, "next": goes_to})


def enter_as(request: HttpRequest, user: User) -> None:
    """Be this person of the demonstration from now on."""
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="demonstration")


@needs("read", "outbox")
def outbox(request: HttpRequest) -> HttpResponse:
    """The mail of the demonstration, which never leaves the machine."""
    if not demonstration(request):
        raise Http404
    return render(request, "desk/outbox.html", {"mails": Mail.objects.order_by("-pk")[:NEWEST]})

"""One's own tokens, with which programs speak for a person: made, shown once, ended.

Not below /account/: those pages open before the second factor that a role asks is set up.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from capofila.accounts import api_tokens
from capofila.accounts.models import ApiToken, User
from capofila.consortium import access
from capofila.consortium.access import Facts, needs, who
from capofila.consortium.forms import TokenForm


@needs("read", "api-token", to_post=("create", "revoke"))
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """All of them, a form for a new one, a button to end each. The secret is in one answer alone."""
    user, now = request.user, timezone.now()
    assert isinstance(user, User)
    mine = Facts(user=user.pk)
    secret = ""
    ended = request.POST.get("end", "")
    form = TokenForm(request.POST if request.method == "POST" and not ended else None, initial={"days": 30})
    if ended:
        access.check(who(request), "revoke", "api-token", mine)
        if not ended.isdecimal() or not api_tokens.revoke(user, int(ended), at=now):
            raise Http404
        return redirect("consortium:tokens")
    if request.method == "POST" and form.is_valid():
        access.check(who(request), "create", "api-token", mine)
        _, secret = api_tokens.create(user, **form.cleaned_data, at=now)
        form = TokenForm(initial={"days": 30})
    rows = ApiToken.objects.filter(user=user).order_by("-pk")
    page = {"form": form, "secret": secret, "rows": [(row, row.expires_at <= now) for row in rows]}
    return render(request, "consortium/tokens.html", page, status=422 if form.errors else 200)

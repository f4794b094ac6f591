"""Who is signed in, and the tokens with which programs speak for people."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.params.functions import Path

from capofila.accounts import api_tokens
from capofila.accounts.models import ApiToken, User
from capofila.consortium import access
from capofila.lib.problems import Problem, gettext_noop
from capofila.web.schemas import REFUSALS

router = Router(tags=["people"])


class NoToken(Problem):
    """None of one's own."""

    status = 404


class TokensAreForPeople(Problem):
    """A token makes no tokens, and reads none."""

    status = 403


class SessionOut(Schema):
    user: int
    name: str
    role: str
    csrf: str = Field(description="for the header X-CSRFToken; ask again after signing in")
    now: datetime


class TokenOut(Schema):
    id: int
    name: str
    scope: Literal["read", "write"]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewToken(TokenOut):
    token: str = Field(description="shown this once")


class TokenList(Schema):
    items: list[TokenOut]


class TokenIn(Schema):
    name: str
    scope: Literal["read", "write"] = "read"
    days: int = Field(30, description="1 to 366")


Pk: Any = Path(..., ge=1, le=2**63 - 1)


def _who(request: HttpRequest) -> access.Who:
    who: access.Who = request.auth  # type: ignore[attr-defined]  # set by ninja
    return who


@router.get("/session", response={200: SessionOut, **REFUSALS}, openapi_extra={"x-needs": []})
def read_session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and a CSRF token that is valid now."""
    who = _who(request)
    facts = {"user": who.user, "name": who.name, "role": who.role, "csrf": get_token(request)}
    return JsonResponse({**facts, "now": timezone.now()}, headers={"Cache-Control": "no-store"})


def _checked(request: HttpRequest, action: str) -> User:
    """The person whose tokens these are, at the machine itself and not through a token."""
    who = _who(request)
    if getattr(request, "api_token", None) is not None:
        raise TokensAreForPeople(
            "api-token.for-people",
            gettext_noop("Tokens are made and ended by their person, after signing in to the pages."),
        )
    access.check(who, action, "api-token", access.Facts(user=who.user))
    assert isinstance(request.user, User)
    return request.user


def _token_json(token: ApiToken) -> dict[str, Any]:
    names = ("id", "name", "scope", "created_at", "expires_at", "revoked_at")
    return {name: getattr(token, name) for name in names}


@router.get("/tokens", response={200: TokenList, **REFUSALS}, openapi_extra={"x-needs": ["read api-token"]})
def list_tokens(request: HttpRequest) -> JsonResponse:
    """One's own tokens, newest first, those that ended too."""
    user = _checked(request, "read")
    rows = ApiToken.objects.filter(user=user).order_by("-pk")
    return JsonResponse({"items": [_token_json(token) for token in rows]})


@router.post("/tokens", response={201: NewToken, **REFUSALS}, openapi_extra={"x-needs": ["create api-token"]})
def create_token(request: HttpRequest, facts: TokenIn) -> JsonResponse:
    """A new token; its secret is told this once."""
    user = _checked(request, "create")
    token, secret = api_tokens.create(user, **facts.dict(), at=timezone.now())
    return JsonResponse({**_token_json(token), "token": secret}, status=201)


@router.delete(
    "/tokens/{token}", response={204: None, **REFUSALS}, openapi_extra={"x-needs": ["revoke api-token"]}
)
def revoke_token(request: HttpRequest, token: int = Pk) -> HttpResponse:
    """End a token at once."""
    if not api_tokens.revoke(_checked(request, "revoke"), token, at=timezone.now()):
        raise NoToken("api-token.unknown", gettext_noop("There is no such token of yours."))
    return HttpResponse(status=204)

"""One API over the rooms, under /api/: who calls, and every refusal as a `Problem` in JSON.

Rights are those of the pages (`consortium.access`). What the calls mean: docs/rules/answers.md,
docs/api.md; the schema: docs/openapi.json
"""

import json
import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import wraps
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from capofila import __version__
from capofila.accounts import api_tokens, second_factor
from capofila.accounts.models import User
from capofila.assessments.api import router as assessments
from capofila.assessments.benchmark_api import router as benchmark
from capofila.assessments.proposals_api import router as proposals
from capofila.consortium import access
from capofila.consortium.api import router as people
from capofila.desk.company_api import router as companies
from capofila.desk.comparison_api import router as comparison
from capofila.desk.report_api import router as reports
from capofila.lib.problems import Problem, Refused, gettext_noop
from capofila.lib.sources import LARGEST_EXPONENT
from capofila.roadmap.api import router as roadmap
from capofila.web.access import opens_to
from capofila.web.middleware import REFUSED
from capofila.web.schemas import problem_json

SAFE = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger(__name__)


class NotNow(Problem):
    """Whoever calls is known, and may not go on like this."""

    status = 403


class ApiRefusal(Problem):
    """Something is wrong with the request itself; `status` says what."""

    def __init__(self, code: str, sentence: str, /, *, status: int, **facts: str | None) -> None:
        super().__init__(code, sentence, at=None, **facts)
        self.status = status


def _known(request: HttpRequest) -> access.Who:
    """Who calls. Raises `NotNow` until the second factor that their role asks is set up."""
    user = request.user
    assert isinstance(user, User)
    who = access.who(request)
    if who.second_factor and not second_factor.has_one(user):
        raise NotNow("api.second-factor", gettext_noop("Set up your second factor on the pages first."))
    return who


class Session(APIKeyCookie):
    """Somebody at a browser, with the CSRF token of `GET /api/session` for whatever writes."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> access.Who | None:
        if not request.user.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request):
            raise NotNow("api.csrf", gettext_noop("The page was opened before you signed in. Send again."))
        return _known(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> NoReturn:
        raise AssertionError("`__call__` has said who it is")


class Token(HttpBearer):
    """A program that speaks for a person."""

    def authenticate(self, request: HttpRequest, token: str) -> access.Who | None:
        found = api_tokens.valid(token, at=timezone.now())
        if found is None:
            return None
        request.user, request.api_token = found.user, found  # type: ignore[attr-defined]
        if found.scope == found.Scope.READ and request.method not in SAFE:
            raise NotNow("api.scope", gettext_noop("This token reads and does not write."))
        return _known(request)


class _Json(Parser):
    """Numbers keep their digits, and no number is too large to be looked at."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(request.body, parse_float=_number, parse_constant=_refused)
        except RecursionError as error:
            raise ValueError(str(error)) from None


def _number(word: str) -> Decimal:
    mantissa, _, exponent = word.lower().partition("e")
    if len(mantissa) > 2 * LARGEST_EXPONENT or abs(int(exponent or 0)) > LARGEST_EXPONENT:
        _refused(word)
    return Decimal(word)


def _refused(word: str) -> NoReturn:
    raise ValueError(f"{word[:40]} is not a number that is read")


api = NinjaAPI(
    title="Capofila",
    version=__version__,
    description="Everything under /api/. In words: docs/api.md and docs/rules/answers.md.",
    auth=[Token(), Session()],
    parser=_Json(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_router("", people)
api.add_router("", assessments)
api.add_router("", benchmark)
api.add_router("", roadmap)
api.add_router("", companies)
api.add_router("", proposals)
api.add_router("", comparison)
api.add_router("", reports)


# Refusals


def _problems(problems: Sequence[Problem], status: int | None = None) -> JsonResponse:
    found = max((getattr(problem, "status", REFUSED) for problem in problems), default=REFUSED)
    body = {"problems": [problem_json(problem) for problem in problems], "now": timezone.now()}
    return JsonResponse(body, status=status or found, headers={"Cache-Control": "no-store"})


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return _problems([problem])


@api.exception_handler(Refused)
def _several(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _problems(refused.problems)


@api.exception_handler(AuthenticationError)
def _signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problems(
        [ApiRefusal("api.sign-in", gettext_noop("Sign in, or send a token that is still valid."), status=401)]
    )


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(found["type"] == "too_long" for found in error.errors):
        return _too_large(request, error)
    found = [_not_as_expected(_where(one)) for one in error.errors[:20]]
    return _problems(found or [_not_as_expected("")])


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problems([_not_as_expected(error.message)])


def _not_as_expected(why: str) -> ApiRefusal:
    return ApiRefusal(
        "api.malformed", gettext_noop("The request is not as the API expects it: {why}."), status=422, why=why
    )


def _where(found: dict[str, Any]) -> str:
    return f"{'.'.join(map(str, found.get('loc', ())))}: {found.get('msg', '')}"


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404 | None = None) -> HttpResponse:
    return _problems(
        [ApiRefusal("api.not-found", gettext_noop("There is nothing at this address."), status=404)]
    )


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def _too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problems(
        [ApiRefusal("api.too-large", gettext_noop("That is too much at once. Send less."), status=413)]
    )


@api.exception_handler(Exception)
def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Logged with its trace; whoever called is told that it was not their fault."""
    log.error("%s %s", request.method, request.path, exc_info=error)
    return _problems(
        [
            ApiRefusal(
                "api.our-fault", gettext_noop("Something broke here. Send the same again later."), status=500
            )
        ]
    )


# The schema


def schema_text() -> str:
    """What docs/openapi.json holds."""
    schema = api.get_openapi_schema(path_prefix="/api/")
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


# Addresses


def _in_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The API answers everybody, asks who it is by itself, and says in JSON which methods there are."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            sentence = gettext_noop("This address does not take {method}.")
            refusal = ApiRefusal("api.method", sentence, status=405, method=request.method)
            refused = _problems([refusal])
            refused["Allow"] = response.get("Allow", "")
            return refused
        return response

    answer.asks_second_factor_itself = True  # type: ignore[attr-defined]
    return opens_to(lambda request: True)(answer)


def _nothing_here(request: HttpRequest, rest: str) -> HttpResponseBase:
    return _not_found(request)


def urls() -> list[URLPattern]:
    """For `include`; whatever no room knows is refused in JSON too."""
    listed = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    patterns = [pattern for pattern in listed if pattern.name != "api-root"]
    for pattern in patterns:
        pattern.callback = _in_json(pattern.callback)
    return [*patterns, re_path(r"^(?P<rest>.*)$", _in_json(_nothing_here))]

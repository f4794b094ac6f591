"""Who is signed in, asked at every request: Django's sessions and allauth's users, by prepared queries."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DateTimeField, IntegerField
from django.utils import timezone

from capofila.accounts.models import User
from capofila.web.prepared import Prepared, given

USER = [field.attname for field in User._meta.concrete_fields]
_USER = Prepared(lambda: User.objects.filter(pk=given("pk", IntegerField())).values_list(*USER))
SESSION = [field.attname for field in Session._meta.concrete_fields]
_SESSION = Prepared(
    lambda: Session.objects.filter(
        session_key=given("key", CharField()), expire_date__gt=given("now", DateTimeField())
    ).values_list(*SESSION)
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        for row in _SESSION.rows(key=self.session_key, now=timezone.now()):
            return Session.from_db(DEFAULT_DB_ALIAS, SESSION, row)
        self._session_key = None
        return None


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        for row in _USER.rows(pk=user_id):
            user = User.from_db(DEFAULT_DB_ALIAS, USER, row)
            return user if self.user_can_authenticate(user) else None
        return None

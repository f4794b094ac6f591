"""People who sign in, the links that let a company's contact in, and the mail that is sent.

Roles and partners come with the consortium.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **facts: object) -> "User":
        """A new user; without a password, one who cannot sign in with any."""
        user = self.model(email=email.strip(), **facts)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: object) -> "User":
        return self.create_user(email, password, is_superuser=True, **facts)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="it")
    is_active = models.BooleanField(default=True)
    enters_by_link = models.BooleanField(default=False)  # a company's contact: no password, ever

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="accounts_one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email


class EntryLink(models.Model):
    """Lets one person in, once, until it expires. The secret is in the mail alone; here is its checksum."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    goes_to = models.CharField(max_length=300, default="/")  # a path of ours
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accounts_link_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"


class Mail(models.Model):
    """A message to one address. The queue sends it and tries again; `text` is blanked once it is sent.

    In demonstration mode nothing leaves the machine: the text stays, to be read in the outbox.
    """

    to = models.EmailField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)  # of the last attempt
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="accounts_mail_is_sent_or_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class ApiToken(models.Model):
    """A program speaks for a person until a day (`api_tokens.py`). Here is the checksum of its secret."""

    class Scope(models.TextChoices):
        READ = "read", _("reads")
        WRITE = "write", _("reads and writes")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)  # what the person calls it
    scope = models.CharField(max_length=5, choices=Scope)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope__in=["read", "write"]), name="accounts_token_has_a_scope"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accounts_token_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

"""Settings of the inventory site, all from the environment; a missing or wrong one stops the start.

Every NAME may be given as NAME_FILE instead, naming a file that holds the value.
"""

import base64
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

SITE = Path(__file__).resolve().parent
SHARED = SITE.parent / "templates_shared"
env = FileAwareEnv(strip_whitespace=True)

# Who we are to the outside: issuer and allowed host come from here, never from a Host header.
PUBLIC_ORIGIN: str = env.str("PUBLIC_ORIGIN").rstrip("/")
_origin = urlsplit(PUBLIC_ORIGIN)
if _origin.scheme not in {"http", "https"} or not _origin.hostname or _origin.path:
    raise ImproperlyConfigured(
        f"PUBLIC_ORIGIN must look like https://stock.example.com, not {PUBLIC_ORIGIN!r}."
    )
ALLOWED_HOSTS = [_origin.hostname]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_secure = _origin.scheme == "https" or _origin.hostname == "localhost"  # browsers trust localhost
COOKIE_PREFIX = "__Host-" if _secure else ""

SECRET_KEY: str = env.str("INVENTORY_SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("INVENTORY_SECRET_KEY must have at least 50 characters.")
DEBUG = False

# Signs statements of the ledger (docs/statements.md), and nothing else.
try:
    STATEMENT_KEY = Ed25519PrivateKey.from_private_bytes(
        base64.b64decode(env.str("INVENTORY_STATEMENT_KEY"), validate=True)
    )
except ValueError as error:
    raise ImproperlyConfigured(
        "INVENTORY_STATEMENT_KEY must be 32 random bytes in base64: openssl rand -base64 32."
    ) from error


# A connection that is idle is kept alive through whatever stands between; one that nobody answers
# on any more is given up after ten seconds, not after minutes. What a URL says goes first.
_LIFELINE = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}


# One database, two roles: the app role serves and may not write the ledger's tables; a process that
# is also given the owner's URL migrates, and acts as the owner.
def _database(name: str) -> dict[str, Any]:
    try:  # libpq's own parser, because others lower-case the path of a Unix socket
        parts = conninfo_to_dict(env.str(name))
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host/name."
        ) from error
    keys = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    found = {key: parts.pop(part, "") for key, part in keys.items()}
    if not found["NAME"] or not found["USER"]:
        raise ImproperlyConfigured(f"{name} must name a user and a database.")
    return {**found, "PORT": parts.pop("port", ""), "OPTIONS": {**_LIFELINE, **parts}}


APP_DATABASE = _database("INVENTORY_DATABASE_URL")
APP_DATABASE_ROLE: str = APP_DATABASE["USER"]
# Prepared statements on the server take a third of PostgreSQL's work off a quick action.
APP_DATABASE["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 0}
_serves = not env.str("INVENTORY_OWNER_DATABASE_URL", "")
DATABASES = {
    "default": {
        "ENGINE": "inventory_site.database",
        **(APP_DATABASE if _serves else _database("INVENTORY_OWNER_DATABASE_URL")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "inventory_site.access",
    "inventory_site.products",
    "inventory_site.imports",
    "inventory_site.stock",
    "inventory_site.counts",
    "inventory_site.notices",
    "inventory_site.api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tree_queries",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",  # for the admin; nothing kept
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "inventory_site.access.middleware.TokenMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "inventory_site.access.middleware.SignInRequiredMiddleware",
    "inventory_site.access.nul.NulMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "inventory_site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates", SHARED],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inventory_site.stock.idempotency.fresh_key",
            ],
            "builtins": ["heroicons.templatetags.heroicons"],
        },
    }
]

# Who is asking: a token that the identity site signed, and nothing else.
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS: list[str] = []  # nobody signs in here
LOGIN_URL = "/accounts/login/"
ACCESS_COOKIE = f"{COOKIE_PREFIX}ts_at"
FRESH_COOKIE = f"{COOKIE_PREFIX}ts_fresh"  # "1" when the token has just been made
TOKEN_ISSUER = f"{PUBLIC_ORIGIN}/accounts"
TOKEN_AUDIENCE = "techstock-inventory"  # noqa: S105 (a name, not a secret)
JWKS_URL: str = env.str("JWKS_URL")

# The API for programs (inventory_site/api). Refused by default: a view lets in whom it states.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["inventory_site.api.authentication.PersonAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["inventory_site.api.permissions.Stated"],
    "DEFAULT_THROTTLE_CLASSES": ["inventory_site.api.rates.PerPerson"],
    "DEFAULT_PARSER_CLASSES": ["inventory_site.api.bodies.SoundJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "inventory_site.api.operations.Schema",
    "EXCEPTION_HANDLER": "inventory_site.api.problems.answer_problem",
    "URL_FORMAT_OVERRIDE": None,
}
API_REQUESTS_PER_MINUTE: int = env.int("API_REQUESTS_PER_MINUTE", 600)
if API_REQUESTS_PER_MINUTE < 1:
    raise ImproperlyConfigured("API_REQUESTS_PER_MINUTE must be 1 or more.")
SPECTACULAR_SETTINGS = {
    "TITLE": "TechStock",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "inventory_site.api.openapi.add_problems",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TransactionKind": "inventory_site.stock.kinds.Kind",
        "MovementKind": "inventory_site.stock.movement_forms.ASKED",
        "BatchKind": "inventory_site.stock.kinds.BatchKind",
        "NewBatchKind": "inventory_site.stock.batch_serializers.NEW_KINDS",
        "ApprovalState": "inventory_site.stock.approval_serializers.STATES",
        "CountState": "inventory_site.counts.serializers.STATES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}inv_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}inv_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "inventory_site.access.messages.OwnCookieStorage"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _origin.scheme == "https" else 0
# The proxy turns http into https; whether subdomains follow is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W008", "security.W021"]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("pt-br", _("Brazilian Portuguese"))]
LOCALE_PATHS = [SITE / "locale", SHARED / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
USE_THOUSAND_SEPARATOR = True
TIME_ZONE: str = env.str("TIME_ZONE", "UTC")

STATIC_URL = "/static/inventory/"
STATIC_ROOT: str = env.str("INVENTORY_STATIC_ROOT", str(SITE.parent / "staticfiles" / "inventory"))
STATICFILES_DIRS = [SHARED / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept on disk
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


# More than this, adjusted or written off by one act, waits for a second person; migrate tells the
# database. Empty: nobody waits. Counts are posted without: who counts finds, and the page explains.
def _threshold(name: str, default: str, *, places: int) -> Decimal | None:
    text = env.str(name, default)
    try:
        value = Decimal(text) if text else None
        if value is not None and (value != round(value, places) or not 0 <= value < 10**15):
            raise InvalidOperation
    except InvalidOperation as error:
        fit = f"at most {places} digits after the point" if places else "no digits after the point"
        raise ImproperlyConfigured(
            f"{name} must be empty or a number from 0 with {fit}, not {text!r}."
        ) from error
    return value


APPROVAL_UNITS = _threshold("APPROVAL_UNITS", "100", places=0)
APPROVAL_VALUE = _threshold("APPROVAL_VALUE", "", places=4)
# What money is counted in: only shown, never converted.
CURRENCY: str = env.str("CURRENCY", "EUR")
if not re.fullmatch("[A-Z]{3}", CURRENCY):
    raise ImproperlyConfigured(f"CURRENCY must be an ISO 4217 code such as EUR, not {CURRENCY!r}.")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
IMPORT_MAX_BYTES = 16 * 1024 * 1024

# Who is told of what happens. Mail goes to a folder where that is set, else by SMTP; where somebody
# is to be mailed, one of the two must be given.
_addresses: list[str] = env.list("NOTICE_MAIL_TO", [])
NOTICE_MAIL_TO = [address.strip() for address in _addresses]
try:
    for _address in NOTICE_MAIL_TO:
        validate_email(_address)
except ValidationError as error:
    raise ImproperlyConfigured("NOTICE_MAIL_TO must be a list of mail addresses.") from error
NOTICE_MAIL_MINUTES: int = env.int("NOTICE_MAIL_MINUTES", 15)
NOTICE_LANGUAGE: str = env.str("NOTICE_LANGUAGE", LANGUAGE_CODE)
if NOTICE_LANGUAGE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"NOTICE_LANGUAGE must be one of {', '.join(dict(LANGUAGES))}.")
# Whether webhooks may lead to addresses of this machine and of networks that are not public.
WEBHOOK_PRIVATE_ADDRESSES: bool = env.bool("WEBHOOK_PRIVATE_ADDRESSES", False)
WEBHOOK_LOG_DAYS: int = env.int("WEBHOOK_LOG_DAYS", 30)
if min(NOTICE_MAIL_MINUTES, WEBHOOK_LOG_DAYS) < 1:
    raise ImproperlyConfigured("NOTICE_MAIL_MINUTES and WEBHOOK_LOG_DAYS must be 1 or more.")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", f"TechStock <no-reply@{_origin.hostname}>")


def _mailer() -> dict[str, Any]:
    if folder := env.str("MAIL_FOLDER", ""):
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"BACKEND": backend, "OPTIONS": {"file_path": folder}}
    url = env.dj_email_url("EMAIL_URL", "")
    if NOTICE_MAIL_TO and not url["EMAIL_HOST"]:
        raise ImproperlyConfigured(
            "EMAIL_URL must be set and look like submission://user:password@mail.example.com,"
            " unless MAIL_FOLDER is set to keep mail in a folder."
        )
    options = ("HOST", "PORT", "USE_TLS", "USE_SSL")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            **{option.lower(): url[f"EMAIL_{option}"] for option in options},
            "username": url["EMAIL_HOST_USER"],
            "password": url["EMAIL_HOST_PASSWORD"],
            "timeout": url["EMAIL_TIMEOUT"] or 10,
        },
    }


MAILERS = {"default": _mailer()}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"level": "ERROR"}},  # a refusal is no incident
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}

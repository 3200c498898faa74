"""Settings of the identity site, all from the environment; a missing or wrong one stops the start.

Every NAME may be given as NAME_FILE instead, naming a file that holds the value.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import FileAwareEnv
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from identity_site.accounts.roles import Role
from identity_site.tokens.signing_key import load_signing_key

SITE = Path(__file__).resolve().parent
SHARED = SITE.parent / "templates_shared"
PRODUCT_NAME = "TechStock"
env = FileAwareEnv(strip_whitespace=True)

# Who we are to the outside. Issuer, hosts and links come from here, never from a Host header.
PUBLIC_ORIGIN: str = env.str("PUBLIC_ORIGIN").rstrip("/")
_origin = urlsplit(PUBLIC_ORIGIN)
if _origin.scheme not in {"http", "https"} or not _origin.hostname or _origin.path or _origin.query:
    raise ImproperlyConfigured(
        f"PUBLIC_ORIGIN must look like https://stock.example.com, not {PUBLIC_ORIGIN!r}."
    )
_https = _origin.scheme == "https"
ALLOWED_HOSTS = [_origin.hostname]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECRET_KEY: str = env.str("IDENTITY_SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("IDENTITY_SECRET_KEY must have at least 50 characters.")
DEBUG = False


# One database, two roles: the app role serves; a process that is given the owner's URL migrates.
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
    return {**found, "PORT": parts.pop("port", ""), "OPTIONS": {"connect_timeout": 5, **parts}}


_app = _database("IDENTITY_DATABASE_URL")
_owner = env.str("IDENTITY_OWNER_DATABASE_URL", "") and _database("IDENTITY_OWNER_DATABASE_URL")
APP_DATABASE_ROLE: str = _app["USER"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **(_owner or _app),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits and codes must be the same for every process, so they live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

INSTALLED_APPS = [
    "identity_site.accounts",
    "django.contrib.admin.apps.SimpleAdminConfig",  # no autodiscovery: people are all there is
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "heroicons",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "identity_site.nul.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "identity_site.tokens.middleware.AccessCookieMiddleware",
]
ROOT_URLCONF = "identity_site.urls"
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
            ],
            "builtins": ["heroicons.templatetags.heroicons"],
        },
    }
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": f"{_validators}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_validators}.CommonPasswordValidator"},
]
SIGNUP_ROLE: str = env.str("SIGNUP_ROLE", Role.VIEWER)
if SIGNUP_ROLE not in set(Role) - {Role.ADMIN}:
    raise ImproperlyConfigured("SIGNUP_ROLE must be viewer, operator or manager.")
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "identity_site.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "identity_site.accounts.forms.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# The first code and the two that may be asked for again: a refused one would kill the one before.
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key"}
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/accounts/profile/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _origin.scheme
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"

# The token that the inventory site trusts
SIGNING_KEY = load_signing_key(env.str("IDENTITY_SIGNING_KEY"))
TOKEN_ISSUER = f"{PUBLIC_ORIGIN}/accounts"
TOKEN_AUDIENCE = "techstock-inventory"  # noqa: S105 (a name, not a secret)
TOKEN_SECONDS = 900
TOKEN_FRESH_SECONDS = 300

# Cookies: two sites share one origin, so each has names of its own. Browsers trust localhost.
_secure = _https or _origin.hostname == "localhost"
_prefix = "__Host-" if _secure else ""
ACCESS_COOKIE = f"{_prefix}ts_at"
SESSION_COOKIE_NAME = f"{_prefix}id_session"
CSRF_COOKIE_NAME = f"{_prefix}id_csrf"
ACCESS_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Shared with the inventory site on purpose, and the page's script writes the theme.
THEME_COOKIE = "theme"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = _https

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
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
LANGUAGES = [("en", "English"), ("pt-br", "Português")]
LOCALE_PATHS = [SITE / "locale", SITE / "wording" / "locale", SHARED / "locale"]
TIME_ZONE: str = env.str("TIME_ZONE", "UTC")

STATIC_URL = "/static/identity/"
STATIC_ROOT: str = env.str("IDENTITY_STATIC_ROOT", str(SITE.parent / "staticfiles" / "identity"))
STATICFILES_DIRS = [SITE / "static", SHARED / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept on disk
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536  # the largest form here has five short fields

# Mail goes to a folder where that is set, else by SMTP; one of the two must be given.
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", f"{PRODUCT_NAME} <no-reply@{_origin.hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL


def _mailer() -> dict[str, Any]:
    if folder := env.str("MAIL_FOLDER", ""):
        return {"BACKEND": "identity_site.mail_folder.MailFolder", "OPTIONS": {"folder": folder}}
    url = env.dj_email_url("EMAIL_URL", "")
    if not url["EMAIL_HOST"]:
        raise ImproperlyConfigured(
            "EMAIL_URL must be set and look like submission://user:password@mail.example.com,"
            " unless MAIL_FOLDER is set to keep mail in a folder."
        )
    options = ("HOST", "PORT", "USE_TLS", "USE_SSL", "TIMEOUT")
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
    "root": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", logging.INFO)},
}

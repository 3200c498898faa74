"""Settings of the identity site, all from the environment; a missing or wrong one stops the start.

Every NAME may be given as NAME_FILE instead, naming a file that holds the value.
"""

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import FileAwareEnv
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from identity_site.accounts.roles import Role

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
        "BACKEND": "identity_site.accounts.shared_cache.SharedCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

INSTALLED_APPS = [
    "identity_site.accounts",
    "identity_site.tokens",
    "identity_site.programs",
    "django.contrib.admin.apps.SimpleAdminConfig",  # no autodiscovery: people are all there is
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "heroicons",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "identity_site.nul.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "identity_site.programs.middleware.NoTokensOnPagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "identity_site.tokens.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "identity_site.accounts.second_factor.SecondFactorMiddleware",
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
                "identity_site.accounts.second_factor.second_factor",
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
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {
    # The first code and the two that may be asked for again: one refused would kill the one before.
    "confirm_email": "3/m/key",
    # Wrong passwords, and wrong codes of a second factor: five for an account in five minutes,
    # from wherever they come, and ten from an address in one. Right ones do not count.
    "login_failed": "10/m/ip,5/5m/key",
    "personal_token_failed": "20/m/ip",
}
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

# Second factors
MFA_ADAPTER = "identity_site.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
_passkeys = "identity_site.accounts.passkey_forms"
MFA_FORMS = {
    "add_webauthn": f"{_passkeys}.AddForm",
    "authenticate_webauthn": f"{_passkeys}.SecondStepForm",
    "edit_webauthn": f"{_passkeys}.EditForm",
    "login_webauthn": f"{_passkeys}.SignInForm",
    "reauthenticate_webauthn": f"{_passkeys}.ReauthenticateForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = PRODUCT_NAME
MFA_TOTP_TOLERANCE = 0  # allauth remembers a used code for one period: more would let it in twice
SECOND_FACTOR_ROLES = frozenset(
    env.list("SECOND_FACTOR_ROLES", [Role.MANAGER, Role.ADMIN] if _https else [])
)
if not set(Role) >= SECOND_FACTOR_ROLES:
    raise ImproperlyConfigured("SECOND_FACTOR_ROLES must be a list of roles, such as admin.")
USERSESSIONS_TRACK_ACTIVITY = False  # renewing the token tells when a session was last used

# Programs
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "identity_site.programs.strategy.TokenStrategy"  # noqa: S105 (a path)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "identity_site.programs.authentication.BearerAuthentication",
        "identity_site.programs.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["identity_site.programs.bodies.SoundJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "identity_site.programs.problems.answer_problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{PRODUCT_NAME} accounts",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": ["rest_framework.authentication.SessionAuthentication"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "identity_site.programs.openapi.add_sign_in",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# The token that the inventory site trusts
TOKEN_ISSUER = f"{PUBLIC_ORIGIN}/accounts"
TOKEN_AUDIENCE = "techstock-inventory"  # noqa: S105 (a name, not a secret)
TOKEN_SECONDS = 900
TOKEN_FRESH_SECONDS = 300
TOKEN_LEEWAY_SECONDS = 10  # by which the two sites' clocks may differ

# Where the inventory site answers (host:port or unix:/path): it is told there what is revoked.
BACKCHANNEL_ADDRESS: str = env.str("BACKCHANNEL_ADDRESS")
if not re.fullmatch(r"unix:/.+|([^\s/:]+|\[[\da-f:]+\]):\d{1,5}", BACKCHANNEL_ADDRESS):
    raise ImproperlyConfigured(
        f"BACKCHANNEL_ADDRESS must be host:port or unix:/path, not {BACKCHANNEL_ADDRESS!r}."
    )
# Fernet keys for what must be stored but never read from the database alone; the first one seals.
_sealing_keys: list[str] = env.list("IDENTITY_ENCRYPTION_KEYS")
ENCRYPTION_KEYS = [key.strip() for key in _sealing_keys]
try:
    MultiFernet([Fernet(key) for key in ENCRYPTION_KEYS])
except ValueError as error:
    raise ImproperlyConfigured(
        "IDENTITY_ENCRYPTION_KEYS must be a comma-separated list of Fernet keys."
    ) from error
# A session ends after so long without use, and after so long in any case.
SESSION_IDLE_SECONDS = 3600 * env.int("SESSION_IDLE_HOURS", 12)
SESSION_TOTAL_SECONDS = 24 * 3600 * env.int("SESSION_TOTAL_DAYS", 7)
if min(SESSION_IDLE_SECONDS, SESSION_TOTAL_SECONDS) <= 0:
    raise ImproperlyConfigured("SESSION_IDLE_HOURS and SESSION_TOTAL_DAYS must be 1 or more.")

# Cookies: two sites share one origin, so each has names of its own. Browsers trust localhost.
_secure = _https or _origin.hostname == "localhost"
_prefix = "__Host-" if _secure else ""
ACCESS_COOKIE = f"{_prefix}ts_at"
FRESH_COOKIE = f"{_prefix}ts_fresh"  # tells the proxy that the token need not be renewed yet
SESSION_COOKIE_NAME = f"{_prefix}id_session"
CSRF_COOKIE_NAME = f"{_prefix}id_csrf"
KNOWN_COOKIE = f"{_prefix}id_known"  # who has signed in with this browser before
ACCESS_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = SESSION_TOTAL_SECONDS
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
    # An address that was mailed to somebody lets in whoever reads it.
    "filters": {"no_mailed_links": {"()": "identity_site.mailed_links.WithoutMailedLinks"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_mailed_links"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", logging.INFO)},
}

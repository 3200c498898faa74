"""Second factors: who must have one, and how their secrets are kept."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.models import User
from identity_site.sealing import seal, unseal

APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
# Recovery codes stand in for a lost factor; alone they are none.
FACTORS = (APP, PASSKEY)

# What somebody may still do whose second factor is missing; and all pages about second factors.
OPEN_PAGES = frozenset(
    {"account_logout", "account_reauthenticate", "preferences", "api_schema", "api_docs"}
)
# No pages, but what the proxy, probes and programs ask for; those have sessions of their own there.
MACHINES = ("/accounts/_allauth/", "/accounts/internal/", "/accounts/.well-known/")
PROBES = frozenset({"healthz", "readyz"})
API = "/accounts/api/"
CREDENTIALS = frozenset({"Authorization", "X-Session-Token"})


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's decisions about second factors, taken for this site."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That did not match. A code of the app is good for 30 seconds, and only once."
        ),
        "cannot_delete_authenticator": _(
            "Your role needs two steps at sign-in: add another second step before you remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal the seed of an authenticator app or of recovery codes."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a sealed seed; raise `Unreadable` when none of our keys opens it."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the app of somebody whose role needs a second factor, while it is their only one.

        allauth asks on the app's page alone. Whoever loses the last one elsewhere is led to set up
        another before anything else.
        """
        user = authenticator.user
        others = factors_of(user).exclude(pk=authenticator.pk)
        return user.role not in settings.SECOND_FACTOR_ROLES or others.exists()

    def generate_authenticator_name(  # type: ignore[override]  # ours are the only users
        self, user: User, type: Authenticator.Type
    ) -> str:
        """Suggest a name for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Say for whom passkeys are: the host of our origin, whatever a request claims."""
        host = urlsplit(settings.PUBLIC_ORIGIN).hostname or ""
        return {"id": host, "name": settings.PRODUCT_NAME}


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Return the authenticator app and the passkeys that somebody has set up."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def is_missing(user: User, session: SessionBase) -> bool:
    """Tell whether this role needs a second factor that this session has not shown.

    Setting one up counts as showing it, and what was shown counts for as long as it is there.
    """
    if user.role not in settings.SECOND_FACTOR_ROLES:
        return False
    request = HttpRequest()  # the session is all that allauth looks at
    request.session = session
    proofs = get_authentication_records(request, user)
    shown = {proof.get("id") for proof in proofs if proof["method"] == "mfa"}
    is_shown = Authenticator.objects.filter(user=user, pk__in=shown - {None}).exists()
    return not (is_shown and factors_of(user).exists())


def second_factor(request: HttpRequest) -> dict[str, Any]:
    """Let pages say why somebody was led to them (a context processor)."""
    user: User | AnonymousUser | None = getattr(request, "user", None)  # None on some error pages
    if user is None or not user.is_authenticated:
        return {}
    return {
        "second_factor_is_missing": SimpleLazyObject(lambda: is_missing(user, request.session)),
        "second_factor_is_set_up": SimpleLazyObject(lambda: factors_of(user).exists()),
    }


class SecondFactorMiddleware:
    """Leads people whose role needs a second factor to set one up, or show it, before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer in place of every page that needs the second factor first."""
        if _is_open(request):  # asked first: probes and caches must not depend on a session
            return None
        user = request.user
        if not user.is_authenticated or not is_missing(user, request.session):
            return None
        return _refuse() if request.path.startswith(API) else _lead_on(request, user)


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return (
        name in OPEN_PAGES | PROBES
        or name.startswith("mfa_")
        or request.path.startswith(MACHINES)
        # A header says who asks, and the cookies nothing.
        or (request.path.startswith(API) and any(map(request.headers.get, CREDENTIALS)))
    )


def _refuse() -> HttpResponse:
    """Answer a script of a page with a problem document (RFC 9457)."""
    detail = gettext("Your role needs two steps at sign-in, and this session has shown only one.")
    problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": detail}
    return JsonResponse(problem, status=403, content_type="application/problem+json")


def _lead_on(request: HttpRequest, user: User) -> HttpResponse:
    """Send somebody who has a factor to show it and come back, anybody else to set one up."""
    kinds = set(factors_of(user).values_list("type", flat=True))
    if not kinds:
        return HttpResponseRedirect(reverse("mfa_index"))
    page = "mfa_reauthenticate" if APP in kinds else "mfa_reauthenticate_webauthn"
    back = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: back})}")

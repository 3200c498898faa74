"""The browsers and programs with which people sign in: their names, and which ones are known."""

import re

from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH, is_headless_request
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from identity_site.accounts.models import User

# The first match counts: most browsers also claim to be those further down.
BROWSERS = {
    r"Edg": "Edge",
    r"OPR/": "Opera",
    r"SamsungBrowser": "Samsung Internet",
    r"Firefox|FxiOS": "Firefox",
    r"Chrome|CriOS": "Chrome",
    r"Safari": "Safari",
}
SYSTEMS = {
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"Windows": "Windows",
    r"CrOS": "ChromeOS",
    r"Macintosh": "macOS",
    r"Linux": "Linux",
}
PEOPLE_PER_BROWSER = 8  # of whom one is remembered; more share a browser only on a public desk
KNOWN_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie


def describe(user_agent: str) -> str:
    """Say in human words what a `User-Agent` header means, such as "Chrome on Windows".

    Whoever signs in chooses that header, so no more of it than one word gets into what we say.
    """
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    program = re.match(r"[A-Za-z][\w-]{0,30}", user_agent, re.ASCII)
    return browser or (program.group() if program else _("Unknown program"))


def is_known(request: HttpRequest, user: User, *, ip: str) -> bool:
    """Tell whether somebody has signed in with this browser, or from this program, before.

    A browser says so itself, with a cookie of ours. Programs have none: they are known by their
    name and IP address, as long as their last session is on record.
    """
    if is_headless_request(request):
        agent = request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH]
        return UserSession.objects.filter(user=user, ip=ip, user_agent=agent).exists()
    return _mark(user) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser be known from now on as one that somebody has signed in with."""
    if is_headless_request(request):
        return
    mark = _mark(user)
    marks = [mark, *(other for other in _marks(request) if other != mark)]
    response.set_cookie(
        settings.KNOWN_COOKIE,
        _signer().sign_object(marks[:PEOPLE_PER_BROWSER]),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _first(names: dict[str, str], user_agent: str) -> str:
    found = (name for pattern, name in names.items() if re.search(pattern, user_agent))
    return next(found, "")


def _signer() -> Signer:
    return Signer(salt="techstock.known-browser")


def _mark(user: User) -> str:
    return salted_hmac("techstock.known-browser", str(user.pk), algorithm="sha256").hexdigest()[:16]


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks: list[str] = _signer().unsign_object(request.COOKIES.get(settings.KNOWN_COOKIE, ""))
    except BadSignature:
        return []
    return marks

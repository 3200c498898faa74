"""What the two sites and the proxy ask for: public keys, and a new token for a living session."""

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from identity_site.tokens import cookies, session_limits
from identity_site.tokens.access_token import NotEntitled
from identity_site.tokens.key_ring import ring


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def jwks(request: HttpRequest) -> JsonResponse:
    """Answer with every public key that may verify a token, as a JSON Web Key Set."""
    keys = {"keys": [pair.jwk for pair in ring.published()]}
    return JsonResponse(keys, content_type="application/jwk-set+json")


@login_not_required
@require_safe
@never_cache
def renewal(request: HttpRequest) -> HttpResponse:
    """Tell the proxy, in headers, which token to pass on and which cookies to set in the browser.

    Nobody else gets here. The answer is 204 in any case, and says no more where the session is
    over: the site that is asked for decides what a request without a token gets.
    """
    carrier = HttpResponse(status=204)
    user, session = request.user, request.session
    token = None
    if user.is_authenticated and not session_limits.is_over(session):
        session_limits.touch(session)
        try:
            token = cookies.hand_out(carrier, user, session)
        except NotEntitled:
            cookies.take_back(carrier)
    elif SESSION_KEY not in session and not session.is_empty():
        cookies.take_back(carrier)  # somebody is between the steps of signing in: let them
    else:
        logout(request)
        cookies.take_back(carrier)
        cookies.take_back_session(carrier)
    return _in_headers(carrier, token)


def _in_headers(carrier: HttpResponse, token: str | None) -> HttpResponse:
    """Move the cookies into one header each, since the proxy can pass on only one of a name."""
    for number, cookie in enumerate(carrier.cookies.values(), start=1):
        carrier.headers[f"X-Set-Cookie-{number}"] = cookie.OutputString()
    carrier.cookies.clear()
    if token is not None:
        carrier.headers["X-Access-Token"] = token
    return carrier

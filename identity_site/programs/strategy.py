"""Which credentials a program gets when somebody signs in with it."""

from typing import Any

from allauth.headless.internal import sessionkit
from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest

from identity_site.accounts import second_factor
from identity_site.accounts.models import User
from identity_site.tokens import access_token, session_limits
from identity_site.tokens.access_token import NotEntitled

CLIENT_ID = "app"


class TokenStrategy(SessionTokenStrategy):
    """The session's key refreshes; the access token is the one that browsers carry too.

    The session is the same row as a browser's: it has the same limits, stands on the page of
    somebody's sessions, and ends with everything that ends those.
    """

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """Return a living session and note that it is used; one that is over ends here."""
        session = sessionkit.lookup_session(session_token)
        if session is None or SESSION_KEY not in session:  # nobody's, or on the way in
            return session
        if session_limits.is_over(session):
            session.flush()
            return None
        session_limits.touch(session)
        try:
            if session.modified:
                session.save()
                session.modified = False
        except UpdateError:  # it was ended in this moment
            return None
        return session

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        """Return what joins `meta` of the answer that completes a sign-in.

        Without the second factor that the role needs, no token: the session is good for setting
        one up, after which `tokens/refresh` hands the token out.
        """
        user = request.user
        if not isinstance(user, User):
            return None
        if second_factor.is_missing(user, request.session):
            return {"is_second_factor_missing": True}
        try:
            token = fresh_token(user, request.session)
        except NotEntitled:  # they left in this moment
            return None
        return {**token, "refresh_token": self.create_session_token(request)}


def fresh_token(user: User, session: SessionBase) -> dict[str, Any]:
    """Return a new access token as OAuth names its parts (RFC 6749, 5.1).

    Raises `NotEntitled` as `mint` does.
    """
    return {
        "access_token": access_token.mint(user, session, client_id=CLIENT_ID),
        "token_type": "Bearer",
        "expires_in": settings.TOKEN_SECONDS,
    }

"""Second factors for the cast: an authenticator app, its codes, recovery codes, a passkey."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD

ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
REAUTHENTICATE = "/accounts/reauthenticate/"
PERIOD = 30  # seconds for which a code is good


def give_app(user: User) -> str:
    """Give somebody an authenticator app and recovery codes; return the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def give_passkey(user: User) -> Authenticator:
    """Give somebody a passkey in name only: nobody can sign in with it."""
    data = {"name": "P1", "credential": {}}
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data
    )
    return made


def app_code(secret: str) -> str:
    """What the app shows; near the end of a period that of the next, once it has begun."""
    left = PERIOD - time.time() % PERIOD
    if left < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def recovery_code(user: User) -> str:
    """A recovery code that is not used yet."""
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return str(codes.wrap().get_unused_codes()[0])


def prove_again(client: Client) -> None:
    """Enter the password once more, as sensitive pages ask."""
    client.post(REAUTHENTICATE, {"password": PASSWORD})


def set_up_app(client: Client) -> str:
    """Set an app up on the page and return its secret; only in a test with real transactions.

    What follows from it happens at the commit.
    """
    prove_again(client)
    secret = client.get(ACTIVATE).context["form"].secret
    answer = client.post(ACTIVATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return str(secret)

"""Personal tokens, and people who may make them."""

from django.test import Client

from identity_site.accounts.models import User
from identity_site.programs.models import PersonalToken, Scope, digest_of, expiry
from tests.identity.conftest import PASSWORD, sign_in

TOKENS, NEW = "/accounts/tokens/", "/accounts/tokens/new/"


def enter(client: Client, user: User) -> None:
    """Sign in, and prove it once more, as making a token needs."""
    sign_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def make_token(
    owner: User, secret: str, *, name: str = "Label printer", scope: Scope = Scope.READ
) -> PersonalToken:
    """Make a token, good for 30 days, with a secret that one knows."""
    digest, expires_at = digest_of(secret), expiry(30)
    return PersonalToken.objects.create(
        owner=owner, name=name, scope=scope, digest=digest, expires_at=expires_at
    )

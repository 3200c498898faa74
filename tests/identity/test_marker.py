"""The marker says that a token need not be renewed yet, so the proxy asks us about it no sooner."""

from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.tokens import revocation
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import sign_in
from tests.identity.tokens import PROFILE, marker_of, read, token_of


def test_a_lone_marker_is_cleared_when_nobody_is_signed_in(client: Client) -> None:
    client.cookies[settings.FRESH_COOKIE] = "1"
    assert client.get("/accounts/login/").cookies[settings.FRESH_COOKIE]["max-age"] == 0


def test_a_token_without_its_marker_is_replaced(client: Client, vera: User) -> None:
    sign_in(client, vera)
    before = token_of(client)
    del client.cookies[settings.FRESH_COOKIE]
    client.get(PROFILE)
    assert token_of(client) != before
    assert marker_of(client) == "1"


def test_a_token_that_a_cut_off_is_about_to_void_gets_no_marker(client: Client, vera: User) -> None:
    """The proxy then renews it at the next request, after the cut-off."""
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
    client.get(PROFILE)
    assert read(token_of(client))["roles"] == ["operator"]
    assert marker_of(client) == ""
    LogoutNotice.objects.update(cut_off_at=timezone.now() + timedelta(seconds=60))
    client.get(PROFILE)
    assert marker_of(client) == ""
    LogoutNotice.objects.update(cut_off_at=timezone.now())
    client.get(PROFILE)
    assert marker_of(client) == "1"


def test_a_worker_that_has_been_away_for_long_costs_nobody_the_marker(
    client: Client, vera: User
) -> None:
    revocation.revoke_person(vera.pk)
    LogoutNotice.objects.update(created_at=timezone.now() - timedelta(seconds=911))
    sign_in(client, vera)
    assert marker_of(client) == "1"

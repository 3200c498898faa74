"""Which personal tokens there are, and how they end."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.programs.models import PersonalToken, new_secret
from identity_site.tokens.models import LogoutNotice
from tests.identity.personal_token import TOKENS, enter, make_token


def test_nobody_revokes_somebody_elses(client: Client, vera: User, marina: User) -> None:
    token = make_token(vera, new_secret())
    enter(client, marina)
    assert client.post(f"{TOKENS}{token.pk}/revocation/").status_code == 404
    assert "Label printer" not in client.get(TOKENS).content.decode()
    assert PersonalToken.objects.living().get() == token


def test_the_page_lists_what_is_there_and_the_profile_leads_to_it(
    client: Client, vera: User
) -> None:
    make_token(vera, new_secret(), name="Old printer").revoke()
    late = make_token(vera, new_secret(), name="<b>Scales</b>")
    PersonalToken.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(days=1))
    enter(client, vera)
    page = client.get(TOKENS).content.decode()
    assert "Old printer" not in page
    for part in ("&lt;b&gt;Scales&lt;/b&gt;", "expired", "never", "Read"):
        assert part in page
    assert f'href="{TOKENS}"' in client.get("/accounts/profile/").content.decode()


def test_revoking_asks_first_and_voids_what_was_had_for_it(client: Client, vera: User) -> None:
    token = make_token(vera, new_secret())
    enter(client, vera)
    assert (
        "Revoke “Label printer”?" in client.get(f"{TOKENS}{token.pk}/revocation/").content.decode()
    )
    assert PersonalToken.objects.living().exists()
    client.post(f"{TOKENS}{token.pk}/revocation/")
    assert not PersonalToken.objects.living().exists()
    assert LogoutNotice.objects.filter(sid=token.sid).count() == 1
    assert client.post(f"{TOKENS}{token.pk}/revocation/").status_code == 404


def test_all_of_somebodys_can_be_revoked_at_once(vera: User, marina: User) -> None:
    for number in range(3):
        make_token(vera, new_secret(), name=f"Printer {number}")
    kept = make_token(marina, new_secret())
    vera.personal_tokens.living().revoke()
    assert PersonalToken.objects.living().get() == kept
    assert LogoutNotice.objects.exclude(sid="").count() == 3

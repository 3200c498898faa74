"""The profile page."""

import pytest
from django.test import Client

from identity_site.accounts.models import User

PROFILE = "/accounts/profile/"


def test_nobody_sees_it_signed_out(client: Client) -> None:
    assert client.get(PROFILE).headers["Location"] == f"/accounts/login/?next={PROFILE}"
    assert client.post(PROFILE, {"name": "X"}).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, vera: User, method: str) -> None:
    client.force_login(vera)
    assert getattr(client, method)(PROFILE).status_code == 405


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({}, "name", "This field is required."),
        ({"name": "", "language": "en"}, "name", "This field is required."),
        ({"name": " \t ", "language": "en"}, "name", "This field is required."),
        ({"name": "x" * 101, "language": "en"}, "name", "at most 100 characters"),
        ({"name": "Vera\x00", "language": "en"}, "name", "Null characters are not allowed."),
        ({"name": "Vera\r\nBcc: x", "language": "en"}, "name", "Write the name on one line."),
        ({"name": "Vera", "language": "fr"}, "language", "Select a valid choice."),
        ({"name": "Vera", "language": "en\x00"}, "language", "Select a valid choice."),
    ],
)
def test_bad_input_gets_a_sentence_at_the_field_and_changes_nothing(
    client: Client, vera: User, form: dict[str, str], field: str, sentence: str
) -> None:
    client.force_login(vera)
    answer = client.post(PROFILE, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'id="id_{field}_error"' in page
    assert '<span class="user-name">Vera Novak</span>' in page
    vera.refresh_from_db()
    assert (vera.name, vera.language) == ("Vera Novak", "")


def test_neither_address_nor_role_can_be_changed_here(client: Client, vera: User) -> None:
    client.force_login(vera)
    form = {"name": "Vera", "email": "x@example.com", "role": "admin", "is_active": "", "id": "1"}
    client.post(PROFILE, form)
    vera.refresh_from_db()
    assert (vera.email, vera.role, vera.is_active) == ("vera@example.com", "viewer", True)


def test_a_name_is_shown_as_text(client: Client, vera: User) -> None:
    client.force_login(vera)
    client.post(PROFILE, {"name": '<script>alert("x")</script>'})
    page = client.get(PROFILE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_who_somebody_is_and_where_to_change_the_rest(
    client: Client, marina: User
) -> None:
    client.force_login(marina)
    page = client.get(PROFILE).content.decode()
    for part in ("Marina Ribeiro", "marina@example.com", "Manager", ">MR<"):
        assert part in page
    assert 'href="/accounts/password/change/"' in page
    assert 'href="/accounts/email/"' in page


def test_name_and_language_are_saved_and_the_language_is_used_at_once(
    client: Client, vera: User
) -> None:
    client.force_login(vera)
    answer = client.post(PROFILE, {"name": "  Vera Nováková ", "language": "pt-br"}, follow=True)
    vera.refresh_from_db()
    assert (vera.name, vera.language) == ("Vera Nováková", "pt-br")
    assert "Seu perfil foi salvo." in answer.content.decode()
    assert client.cookies["django_language"].value == "pt-br"


def test_the_language_can_be_left_to_the_browser_again(client: Client, vera: User) -> None:
    client.force_login(vera)
    client.post(PROFILE, {"name": "Vera", "language": "pt-br"})
    client.post(PROFILE, {"name": "Vera", "language": ""})
    assert client.cookies["django_language"].value == ""
    assert "Perfil" in client.get(PROFILE, headers={"accept-language": "pt"}).content.decode()


def test_the_root_of_the_site_leads_to_the_profile(client: Client, vera: User) -> None:
    client.force_login(vera)
    assert client.get("/accounts/").headers["Location"] == PROFILE

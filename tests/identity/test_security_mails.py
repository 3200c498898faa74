"""Mails that tell people what was done to their account, in their language and in our words."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, override_settings

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, last_code, sign_in
from tests.identity.factors import give_passkey, prove_again, set_up_app

NEW = "quite another passphrase"


CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36"
)


def browser() -> Client:
    return Client(headers=BROWSER | {"user-agent": CHROME, "x-real-ip": "198.51.100.4"})


def test_a_new_password_is_told_in_the_readers_language(vera: User) -> None:
    User.objects.update(language="pt-br")
    here = browser()
    sign_in(here, vera)
    here.cookies["django_language"] = "en"
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", form)
    (letter,) = mail.outbox
    assert letter.subject == "Sua senha do TechStock foi alterada"
    assert "Chrome" in str(letter.body)


def test_a_code_is_mailed_in_the_readers_language_too(vera: User) -> None:
    User.objects.update(language="pt-br")
    browser().post("/accounts/password/reset/", {"email": vera.email})
    assert "Seu código para uma nova senha" in str(mail.outbox[-1].body)


def test_a_new_address_is_told_to_the_old_one(vera: User) -> None:
    here = browser()
    sign_in(here, vera)
    prove_again(here)
    here.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    here.post("/accounts/confirm-email/", {"code": last_code()})
    assert mail.outbox[-1].to == ["vera@example.com"]
    assert EmailAddress.objects.get().email == "new@example.com"


@pytest.mark.django_db(transaction=True)
def test_every_change_of_a_second_factor_is_told(vera: User) -> None:
    here = browser()
    sign_in(here, vera)
    set_up_app(here)
    assert len(mail.outbox) == 1
    here.post("/accounts/2fa/recovery-codes/generate/")
    assert len(mail.outbox) == 2
    key = give_passkey(vera)
    here.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert len(mail.outbox) == 3
    here.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert len(mail.outbox) == 4
    assert {tuple(letter.to) for letter in mail.outbox} == {(vera.email,)}
    assert all("Chrome on macOS" in str(letter.body) for letter in mail.outbox)


def test_a_mail_server_that_is_down_undoes_nothing(vera: User) -> None:
    here = browser()
    sign_in(here, vera)
    smtp = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 9},
    }
    with override_settings(MAILERS={"default": smtp}):
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        answer = here.post("/accounts/password/change/", form)
    assert answer.status_code == 302
    vera.refresh_from_db()
    assert vera.check_password(NEW)

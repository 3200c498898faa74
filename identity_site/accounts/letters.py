"""Letters to people about their account, in their language."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from identity_site.accounts.adapter import Site
from identity_site.accounts.models import User


def send_letter(template: str, person: User, **context: Any) -> None:
    """Mail `accounts/letters/<template>_*.txt` to somebody.

    Raises `ValidationError` when the mail server refuses, so that what the letter tells can be left
    undone: call it in the atomic block of that.
    """
    site = Site(name=settings.PRODUCT_NAME, domain=settings.PUBLIC_ORIGIN)
    try:
        with override(person.language or settings.LANGUAGE_CODE):
            page = {"person": person, "current_site": site, **context}
            get_adapter().render_mail(f"accounts/letters/{template}", person.email, page).send()
    except OSError as error:  # which every refusal of smtplib is, too
        raise ValidationError(
            _("The mail to %(email)s could not be sent, so nothing was changed. Try again later."),
            params={"email": person.email},
        ) from error

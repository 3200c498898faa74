"""Where our ways differ from django-allauth's."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from identity_site.accounts.forms import SignUpForm
from identity_site.accounts.models import User
from identity_site.accounts.own_urls import is_own_url
from identity_site.accounts.preferences import remember_language

# Good news on the way in: the next page is the inventory site's, so it would show much later.
LATE_NEWS = {
    "account/messages/email_confirmed.txt",
    "account/messages/password_changed.txt",
}


@dataclass(frozen=True)
class Site:
    """What allauth's mails call the site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """allauth's decisions, taken for this site."""

    def is_safe_url(self, url: str) -> bool:
        """Tell whether a `next` may be followed."""
        return is_own_url(url)

    def clean_email(self, email: str) -> str:
        """Refuse an address that would not fit, which allauth would cut off."""
        MaxLengthValidator(User._meta.get_field("email").max_length)(email)
        return email

    # allauth learns the model and the form at run time, hence the narrower types here.

    def save_user(  # type: ignore[override]
        self, request: HttpRequest, user: User, form: SignUpForm, commit: bool = True
    ) -> User:
        """Make the person who signed up, in the language of the page they used."""
        user.name = form.cleaned_data["name"]
        user.role = settings.SIGNUP_ROLE
        user.language = get_language() or ""
        super().save_user(request, user, form, commit)
        return user

    def post_login(  # type: ignore[override]
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse:
        """Let the language that somebody chose follow them to this browser."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Show a message on the next page, unless that is not ours."""
        if message_template == "account/messages/logged_in.txt":
            return
        if message_template in LATE_NEWS and not request.user.is_authenticated:
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that names the product rather than the host."""
        site = Site(name=settings.PRODUCT_NAME, domain=settings.PUBLIC_ORIGIN)
        super().send_mail(template_prefix, email, {"current_site": site, **context})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the profile after a password change."""
        return "/accounts/profile/"

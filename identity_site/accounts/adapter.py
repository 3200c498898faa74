"""Where our ways differ from django-allauth's."""

import logging
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import headed_redirect_response, is_headless_request
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override

from identity_site.accounts import devices
from identity_site.accounts.acting import acting
from identity_site.accounts.forms import SignUpForm
from identity_site.accounts.models import User
from identity_site.accounts.own_urls import is_own_url
from identity_site.accounts.preferences import remember_language

log = logging.getLogger(__name__)

# Good news on the way in: the next page is the inventory site's, so it would show much later.
LATE_NEWS = {
    "account/messages/email_confirmed.txt",
    "account/messages/password_changed.txt",
}

BEGAN_WITH = "sign_in_began_with"  # in the session, between the steps of a sign-in


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
        with acting(user):  # signing up is one's own act
            super().save_user(request, user, form, commit)
        return user

    _is_first_time = False  # for the person who signs in

    def pre_login(  # type: ignore[override]
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse | None:
        """Note with which password a sign-in began that may take several steps."""
        request.session[BEGAN_WITH] = user.get_session_auth_hash()
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:  # type: ignore[override]
        """Begin a session, and remember whether it is somebody's first.

        Refuses who left, or whose password changed, between the steps of this sign-in.
        """
        stored = User.objects.get(pk=user.pk)
        began_with = request.session.pop(BEGAN_WITH, stored.get_session_auth_hash())
        if not stored.is_active or began_with != stored.get_session_auth_hash():
            clear_login(request)
            raise ImmediateHttpResponse(headed_redirect_response("account_login"))
        self._is_first_time = user.last_login is None
        super().login(request, user)

    def post_login(  # type: ignore[override]
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse:
        """Tell somebody by mail of a new browser, and let the language they chose follow them."""
        ip = self.get_client_ip(request)
        is_new = not self._is_first_time and not devices.is_known(request, user, ip=ip)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        if user.language and not is_headless_request(request):
            remember_language(response, user.language)
        if is_new:
            link = settings.PUBLIC_ORIGIN + reverse("usersessions_list")
            self.send_notification_mail("account/email/new_device", user, {"sessions_url": link})
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
        """Send a mail in the reader's own language, that names the product and not the host."""
        reader = context.get("user") or User.objects.filter(email=email.lower()).first()
        site = Site(name=settings.PRODUCT_NAME, domain=settings.PUBLIC_ORIGIN)
        with override((reader and reader.language) or get_language()):
            super().send_mail(template_prefix, email, {"current_site": site, **context})

    def send_notification_mail(  # type: ignore[override]
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what was done to their account; without a mail server it stays done."""
        try:
            self.notify(template_prefix, user, context, email)
        except OSError:  # which every error of smtplib is, too
            log.exception("no mail %s to the person %s", template_prefix, user.pk)

    def notify(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what was done to their account; raise `OSError` when no mail can be sent.

        Who did it chose the name of their browser: the mail says it in our words.
        """
        with override(user.language or get_language()):
            facts = {
                "user": user,
                "user_agent": devices.describe(self.get_http_user_agent(self.request)),
                "timestamp": _moment(),
                **(context or {}),
            }
            super().send_notification_mail(template_prefix, user, facts, email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the profile after a password change."""
        return "/accounts/profile/"


def _moment() -> str:
    return f"{date_format(timezone.localtime(), 'DATETIME_FORMAT')} ({settings.TIME_ZONE})"

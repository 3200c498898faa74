"""What of allauth's API for programs is served, and where our ways differ from allauth's."""

from collections.abc import Iterator, Sequence
from typing import Any

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless import urls as allauth_urls
from allauth.headless.account.views import SignupView
from allauth.headless.base.views import APIView
from allauth.headless.constants import Client
from allauth.headless.internal.restkit.response import APIResponse
from allauth.headless.mfa import views as mfa
from allauth.headless.tokens.inputs import RefreshTokenInput
from allauth.headless.tokens.views import RefreshTokenView
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

from identity_site.accounts import passkey_forms, second_factor
from identity_site.accounts.forms import SignUpForm
from identity_site.accounts.models import User
from identity_site.programs.authentication import second_factor_needed
from identity_site.programs.bodies import View, only_sound_json
from identity_site.programs.strategy import TokenStrategy, fresh_token
from identity_site.tokens.access_token import NotEntitled


class SignUpInput(SignUpForm):
    """The form of the sign-up page, where `password1` is called `password`, as at sign-in."""

    def add_prefix(self, field_name: str) -> str:
        """Name a field as programs do."""
        return "password" if field_name == "password1" else super().add_prefix(field_name)

    def full_clean(self) -> None:
        """Name the fields of errors as programs do."""
        super().full_clean()
        self._errors = type(self.errors)(
            {self.add_prefix(field): found for field, found in self.errors.items()}
        )


class RefreshInput(RefreshTokenInput):
    """A session's key, exchanged for an access token."""

    answer: dict[str, Any]

    def clean_refresh_token(self) -> str:
        """Put the new token into `answer`, or say why there is none."""
        refresh_token: str = self.cleaned_data["refresh_token"]
        session = TokenStrategy().lookup_session(refresh_token)
        user = session and get_session_user(session)
        if session is None or not isinstance(user, User):
            raise ValidationError(_("Nobody is signed in with it. Sign in again."), "invalid")
        if second_factor.is_missing(user, session):
            raise ValidationError(second_factor_needed(), "second_factor_missing")
        try:
            self.answer = fresh_token(user, session)
        except NotEntitled as error:
            raise ValidationError(_("Sign in again."), "invalid") from error
        return refresh_token


class RefreshView(RefreshTokenView):
    """Hands out a new access token; the refresh token stays the same for as long as its session."""

    input_class = RefreshInput
    input: RefreshInput

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the token that the input was exchanged for."""
        return APIResponse(request, data=self.input.answer)


def _with(view_class: type[APIView], *, post: type[Form]) -> View:
    """Return one of allauth's views, with another form for POST."""
    forms = view_class.input_class if isinstance(view_class.input_class, dict) else {}
    return view_class.as_api_view(client=Client.APP, input_class={**forms, "POST": post})


REPLACED: dict[str, View] = {
    "signup": _with(SignupView, post=SignUpInput),
    "refresh": RefreshView.as_api_view(client=Client.APP),
    "manage_webauthn": _with(mfa.ManageWebAuthnView, post=passkey_forms.AddForm),
    "authenticate_webauthn": _with(mfa.AuthenticateWebAuthnView, post=passkey_forms.SecondStepForm),
    "reauthenticate_webauthn": _with(
        mfa.ReauthenticateWebAuthnView, post=passkey_forms.ReauthenticateForm
    ),
    "login_webauthn": _with(mfa.LoginWebAuthnView, post=passkey_forms.SignInForm),
}
"""By the name of the route: what allauth would serve under rules of its own."""


def _served(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Yield allauth's routes with our views in place; none for telephones, which nobody has."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield URLResolver(
                pattern.pattern,
                list(_served(pattern.url_patterns)),
                pattern.default_kwargs,
                pattern.app_name,
                pattern.namespace,
            )
        elif "phone" not in str(pattern.name):
            view = REPLACED.get(str(pattern.name), pattern.callback)
            yield URLPattern(
                pattern.pattern, only_sound_json(view), pattern.default_args, pattern.name
            )


urlpatterns = list(_served(allauth_urls.urlpatterns))

"""The page to which an invitation leads: choose a password, and be in."""

from typing import Any

from allauth.account.internal.flows.password_reset import perform_password_reset_login
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from identity_site.accounts.invitations import accept, invited_by
from identity_site.accounts.models import User


class FirstPasswordForm(forms.Form):
    """The first password of `person`, under the same rules as every other."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        """Refuse a password that is short, common, or like the name or address."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.person)
        return password


@login_not_required
@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever the link invites choose a password, and sign them in as their role demands."""
    person = invited_by(token)
    if person is None:
        return render(request, "accounts/invitation_over.html", status=410)
    form = FirstPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = accept(token, form.cleaned_data["password1"])
        if person is None:  # the link was used in the same moment
            return redirect(request.path)
        if request.user.is_authenticated:
            logout(request)  # somebody else at this browser
        # The mailed link is proof of the address, exactly as a mailed code is.
        response: HttpResponse = perform_password_reset_login(request, person, email=person.email)
        return response
    page = {"form": form, "person": person}
    return render(request, "accounts/invitation.html", page, status=422 if form.errors else 200)

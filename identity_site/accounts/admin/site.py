"""The doors of the admin."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    is_reauthentication_required,
)
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import serialize_request
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from identity_site.accounts.models import User


class PeopleAdminSite(admin.AdminSite):
    """An admin whose doors are those of the rest of the site."""

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begin with the list of people: it leads to everything else."""
        return redirect("admin:accounts_user_changelist")

    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begin there, too."""
        return self.index(request)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the sign-in page, and those who are no administrators away."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out as everywhere else."""
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Change the password as everywhere else."""
        return redirect("account_change_password")


def administrator(request: HttpRequest) -> User:
    """Return who is signed in: the admin lets nobody else this far."""
    if not isinstance(request.user, User) or not request.user.is_staff:
        raise PermissionDenied
    return request.user


def prove_again(request: HttpRequest) -> None:
    """Ask for the password before anything is changed: the browser may be an unattended one.

    What was sent is kept meanwhile, and done once the password is right. allauth would forget it
    where the address has a query: it compares the path of what is kept with all of `next`.
    """
    if request.method != "POST" or not is_reauthentication_required(request, app="allauth.account"):
        return
    request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
    page = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    back = urlencode({REDIRECT_FIELD_NAME: request.path})
    raise ImmediateHttpResponse(redirect(f"{page}?{back}"))


def way_out(request: HttpRequest) -> HttpResponse | None:
    """Lead administrators to the sign-in page who have just ended their own session."""
    if request.session.session_key and request.session.exists(request.session.session_key):
        return None
    logout(request)
    return redirect("account_login")

"""Django's admin, for people and their roles and nothing else."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.forms import PersonForm
from identity_site.accounts.models import User

if TYPE_CHECKING:
    UserAdmin = admin.ModelAdmin[User]
else:
    UserAdmin = admin.ModelAdmin  # which knows its model only to the type checker


class PeopleAdminSite(admin.AdminSite):
    """An admin whose doors are those of the rest of the site."""

    site_header = site_title = _("TechStock people")
    site_url = "/"
    enable_nav_sidebar = False

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begin with the list of people: there is nothing else to choose."""
        return redirect("admin:accounts_user_changelist")

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


class PersonAdmin(UserAdmin):
    """People: found, given a role, deactivated. They sign up themselves and are never deleted."""

    form = PersonForm
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active", "language"]
    search_fields = ["name", "email"]
    list_per_page = 50
    readonly_fields = ["email", "created_at", "last_login"]
    fields = ["name", "email", "language", "role", "is_active", "created_at", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: an account belongs to whoever proves that the address is theirs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: what somebody did keeps their name."""
        return False


people_admin = PeopleAdminSite()
people_admin.register(User, PersonAdmin)

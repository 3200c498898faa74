"""People in the admin: found, invited, given a role, deactivated; and all that is known of one."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.sessions.models import Session
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.translation import gettext as _

from identity_site.accounts.acting import acting
from identity_site.accounts.admin.acts import ACTS, ON_PAGE, action_of
from identity_site.accounts.admin.filters import (
    HAS_FACTOR,
    RoleFilter,
    SecondFactorFilter,
    StateFilter,
)
from identity_site.accounts.admin.forms import InvitationForm, PersonForm
from identity_site.accounts.admin.site import administrator, prove_again, way_out
from identity_site.accounts.invitations import GOOD_FOR, invite, is_pending
from identity_site.accounts.models import Invitation, User
from identity_site.accounts.sessions import places_of
from identity_site.programs.models import PersonalToken

if TYPE_CHECKING:
    UserAdmin = admin.ModelAdmin[User]
else:
    UserAdmin = admin.ModelAdmin  # which knows its model only to the type checker

ROUTES = {"accounts_user_changelist", "accounts_user_add", "accounts_user_change"}
SHOWN = 25  # sessions and changes of one person


class PersonAdmin(UserAdmin):
    """Each change asks for the password again, and ends in the history with who made it."""

    form = PersonForm
    actions = [action_of(act) for act in ACTS]
    list_display = ["name", "last_seen"]  # by which the list can be sorted
    list_filter = [StateFilter, RoleFilter, SecondFactorFilter]
    search_fields = ["name", "email"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["name", "language", "role", "is_active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Know of everybody what the list shows."""
        theirs = UserSession.objects.filter(user=OuterRef(OuterRef("pk"))).values("session_key")
        # A session is saved about once a minute while it is used, and expires so long after that.
        saved = Session.objects.filter(session_key__in=theirs).order_by("-expire_date")
        used = saved.values(at=F("expire_date") - timedelta(seconds=settings.SESSION_COOKIE_AGE))
        people: QuerySet[User] = User.objects.annotate(
            has_factor=HAS_FACTOR,
            is_invited=Exists(Invitation.objects.filter(person=OuterRef("pk"))),
            seen_at=Greatest("last_login", Subquery(used[:1])),
        )
        return people.order_by(*self.get_ordering(request) or User._meta.ordering or [])

    @admin.display(ordering="seen_at")
    def last_seen(self, person: User) -> None:
        """Let the list be sorted by it."""

    def get_urls(self) -> list[URLPattern]:
        """Route the list, inviting, and the page of one person."""
        return [route for route in super().get_urls() if route.name in ROUTES]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse to change whoever was erased."""
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: what somebody did stays, by name or, when erased, without one."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, or act on those who were chosen from it."""
        prove_again(request)
        return super().changelist_view(request, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invite somebody."""
        prove_again(request)
        by, form = administrator(request), InvitationForm(request.POST or None)
        if form.is_valid():
            try:
                person = invite(**form.cleaned_data, by=by)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                sent = _("The invitation is on its way to %(email)s.") % {"email": person.email}
                self.message_user(request, sent, messages.SUCCESS)
                return redirect("admin:accounts_user_changelist")
        page = {"title": _("Invite somebody"), "form": form, "opts": self.opts}
        page |= self.admin_site.each_context(request)
        status = 422 if form.errors else 200
        return render(request, "admin/accounts/user/invite.html", page, status=status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show everything about somebody, or change them."""
        prove_again(request)
        person = self.get_object(request, unquote(object_id))
        known = {"act_field": ON_PAGE, **(self._known(person) if person else {})}
        return super().change_view(request, object_id, request.get_full_path(), known)

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Act on those who were chosen; refuse what can be nobody's id."""
        try:
            list(map(UUID, request.POST.getlist(ACTION_CHECKBOX_NAME)))
        except ValueError as error:
            raise BadRequest from error
        return super().response_action(request, queryset, action_location)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Save what was changed, with who changed it."""
        with acting(administrator(request)):
            super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Go on, unless it was themself whom the administrator deactivated."""
        return way_out(request) or super().response_change(request, obj)

    @staticmethod
    def _known(person: User) -> dict[str, Any]:
        invitation = Invitation.objects.filter(person=person).first()
        return {
            "is_pending": is_pending(person),
            "invitation": invitation,
            "invited_until": invitation and invitation.sent_at + GOOD_FOR,
            "places": places_of(person, here=None)[:SHOWN],
            "factors": Authenticator.objects.filter(user=person).order_by("created_at"),
            "tokens": PersonalToken.objects.filter(owner=person).living().count(),
            "changes": person.changes.select_related("changed_by")[:SHOWN],
        }

"""The page that shows where somebody is signed in, and ends what they do not recognise."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from identity_site.accounts import devices
from identity_site.accounts.models import User
from identity_site.tokens import session_limits

OTHERS = "others"


@dataclass(frozen=True)
class Place:
    """A browser or program in which somebody is signed in."""

    pk: int
    name: str
    ip: str
    began_at: datetime
    used_at: datetime
    is_here: bool


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth's own
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where somebody is signed in; with `end`, end one of those sessions or all others."""
    person = get_object_or_404(User, pk=request.user.pk)
    places = places_of(person, here=request.session.session_key)
    if request.method == "POST":
        chosen = _chosen(request.POST.get("end", ""), places)
        get_adapter().end_sessions(UserSession.objects.filter(pk__in=chosen))
        said = ngettext("%d session has ended.", "%d sessions have ended.", len(chosen))
        messages.success(request, said % len(chosen))
        return redirect("usersessions_list")
    return render(request, "accounts/sessions.html", {"places": places})


def places_of(user: User, *, here: str | None) -> list[Place]:
    """Return somebody's living sessions: that with the key `here` first, then the latest."""
    places = []
    for entry in UserSession.objects.purge_and_list(user):
        session = SessionStore(entry.session_key)
        if not session_limits.is_over(session):
            places.append(_place(entry, session, is_here=entry.session_key == here))
    return sorted(places, key=lambda place: (place.is_here, place.used_at), reverse=True)


def _place(entry: UserSession, session: SessionStore, *, is_here: bool) -> Place:
    return Place(
        pk=entry.pk,
        name=devices.describe(entry.user_agent),
        ip=entry.ip,
        began_at=entry.created_at,
        used_at=datetime.fromtimestamp(session[session_limits.USED], UTC),
        is_here=is_here,
    )


def _chosen(end: str, places: list[Place]) -> list[int]:
    """Return the sessions that a form would end; raise `Http404` when there are none such."""
    others = {str(place.pk): place.pk for place in places if not place.is_here}
    if end == OTHERS:
        return list(others.values())
    if end not in others:
        raise Http404
    return [others[end]]

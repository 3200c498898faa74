"""The pages on which people make and revoke personal tokens."""

from contextlib import suppress
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from identity_site.accounts.adapter import AccountAdapter
from identity_site.accounts.models import User
from identity_site.programs.forms import PersonalTokenForm
from identity_site.sealing import Unreadable, seal, unseal

NOT_TOLD = gettext_lazy(
    "The mail to %(email)s could not be sent, so nothing was changed. Try again later."
)
SHOWN_NEXT = "personal_token_shown_next"  # sealed, in the session, until the next page shows it


@require_GET  # and not HEAD, which would take the secret away unseen
@never_cache
def personal_tokens(request: HttpRequest) -> HttpResponse:
    """List somebody's tokens, and show the secret of the one that they have just made."""
    sealed: str = request.session.pop(SHOWN_NEXT, "")
    secret = None
    with suppress(Unreadable):  # the keys were replaced in this moment
        secret = unseal(sealed)
    tokens = _person(request).personal_tokens.filter(revoked_at=None)
    return render(request, "programs/personal_tokens.html", {"tokens": tokens, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def new_personal_token(request: HttpRequest) -> HttpResponse:
    """Make a token, tell its owner by mail, and go where its secret is shown once."""
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=_person(request).pk)
        form = PersonalTokenForm(request.POST if request.method == "POST" else None, owner=owner)
        if form.is_valid():
            try:
                with transaction.atomic():  # there is no token of which its owner was not told
                    token, secret = form.make()
                    letter = "programs/email/personal_token_made"
                    AccountAdapter(request).notify(letter, owner, {"token": token})
            except OSError:  # which every refusal of smtplib is, too
                form.add_error(None, NOT_TOLD % {"email": owner.email})
            else:
                request.session[SHOWN_NEXT] = seal(secret)
                return redirect("personal_tokens")
    return render(
        request,
        "programs/new_personal_token.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def personal_token_revocation(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ask whether a token shall end, and end it."""
    token = get_object_or_404(_person(request).personal_tokens, pk=token_id, revoked_at=None)
    if request.method == "POST":
        token.revoke()
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("personal_tokens")
    return render(request, "programs/personal_token_revocation.html", {"token": token})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the middleware lets nobody else in
    return request.user

"""Alive, ready, and the ways in and out that belong to the identity site."""

import logging

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inventory_site.access import cut_offs
from inventory_site.access.http import public
from inventory_site.access.keys import store
from inventory_site.access.logout_tokens import notice_of
from inventory_site.access.signed import BadToken

log = logging.getLogger(__name__)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process lives."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when people can be served, else 503 and what is missing."""
    missing = [*_missing_in_database()]
    if not store.ready():
        missing.append("the identity site's public keys cannot be read")
    text = "; ".join(missing) or "ok"
    return HttpResponse(text, content_type="text/plain", status=503 if missing else 200)


def _missing_in_database() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations have not been applied"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('stock_transaction', 'INSERT')")
            if cursor.fetchone() == (True,):
                return ["the site is connected as the owner of the ledger"]
    except DatabaseError:
        return ["the database cannot be reached"]
    return []


@public
@csrf_exempt  # no browser sends this, and what is sent is signed
@require_POST
def backchannel_logout(request: HttpRequest) -> HttpResponse:
    """Withdraw tokens as the identity site says in a signed `logout_token`.

    Answers 200 when it is done, 400 for a token that is not good. That a token (its `jti`) came
    before is not looked at, because a second time changes nothing.
    """
    no_store = {"Cache-Control": "no-store"}
    try:
        notice = notice_of(request.POST.get("logout_token", ""))
    except BadToken as error:
        log.warning("refused a logout token: %s", error)
        return JsonResponse({"error": "invalid_request"}, status=400, headers=no_store)
    cut_offs.write(notice)
    return HttpResponse(headers=no_store)


@public
def admin_login(request: HttpRequest) -> HttpResponse:
    """Send people to the identity site; who is signed in but may not enter gets a 403, no loop."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or "/admin/")


def admin_password(request: HttpRequest) -> HttpResponse:
    """Send people to where their password lives."""
    return HttpResponseRedirect("/accounts/password/change/")


@public
def admin_logout(request: HttpRequest) -> HttpResponse:
    """Send people to where their session lives."""
    return HttpResponseRedirect("/accounts/logout/")

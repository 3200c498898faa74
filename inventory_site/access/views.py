"""Alive, ready, and the ways in and out that belong to the identity site."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from inventory_site.access.http import public
from inventory_site.access.keys import store


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

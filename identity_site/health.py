"""Tells whoever runs the site whether it is alive, and whether it can serve."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from identity_site.tokens.key_ring import KeyUnreadable, ring


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the site can serve, else 503 with a line for everything that is missing."""
    missing = list(_missing())
    body = "\n".join(missing or ["ok"]) + "\n"
    return HttpResponse(body, status=503 if missing else 200, content_type="text/plain")


def _missing() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        yield "database: cannot be reached, or may not be read"
        return
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
        yield f"migrations: not applied: {names}"
        return
    try:
        ring.signing()
    except KeyUnreadable as error:
        yield f"keys: {error}"

"""The floor that pages are measured against: a Django site with nothing but two views.

It runs under gunicorn with the very options of the inventory site: `/hello` says hello, `/move`
changes a balance and writes a line for it in one statement, with none of the rules.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from psycopg.conninfo import conninfo_to_dict

from embedded.bench.movement import ONE

_parts = conninfo_to_dict(os.environ["BENCH_DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["BENCH_SECRET_KEY"],
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _parts["dbname"],
            "USER": _parts["user"],
            "PASSWORD": _parts["password"],
            "HOST": _parts["host"],
            "CONN_MAX_AGE": 600,
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 0},
        }
    },
)


def hello(_request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("hello")


def move(request: HttpRequest) -> HttpResponse:
    """Add to a balance and write the line: the statement that pgbench runs too."""
    with connection.cursor() as cursor:
        cursor.execute(ONE % {"level": "%s", "quantity": "%s"}, _numbers(request))
        return HttpResponse(f"{cursor.fetchone()[0]}")


def _numbers(request: HttpRequest) -> list[int]:
    quantity, level = int(request.GET["quantity"]), int(request.GET["level"])
    return [quantity, level, quantity, quantity]


urlpatterns = [path("hello", hello), path("move", move)]
application = get_wsgi_application()

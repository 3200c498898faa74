"""A process that imports the same file as others do, at the same time."""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from inventory_site.imports.outcomes import ImportFailed  # noqa: E402
from tests.inventory.importing import imported  # noqa: E402

ORDER = json.loads(sys.argv[1])
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
try:
    summary, _outcomes = imported(*ORDER["lines"], kind=ORDER["kind"])
    print(json.dumps([summary.created, summary.unchanged]))
except ImportFailed:
    print(json.dumps("failed"))

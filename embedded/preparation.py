"""Brings a site up to date before it serves: tables, static files, demo people.

`python -m embedded.preparation SITE COMMAND…` runs management commands one after another in one
process, because starting Django is most of what each of them costs.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

_OPTIONS = {
    "migrate": {"interactive": False},
    "collectstatic": {"interactive": False, "clear": True},
}


def main(site: str, *commands: str) -> None:
    """Run the management `commands` of `site`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"{site}_site.settings"
    django.setup()
    for command in commands:
        call_command(command, verbosity=0, **_OPTIONS.get(command, {}))


if __name__ == "__main__":
    main(*sys.argv[1:])

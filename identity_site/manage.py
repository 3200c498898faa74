#!/usr/bin/env python3
"""Run a management command of the identity site."""

import importlib
import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Hand the command line to Django, from any folder. A wrong setting ends in one sentence."""
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "identity_site.settings")
    try:
        importlib.import_module(settings)
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"The identity site cannot start: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

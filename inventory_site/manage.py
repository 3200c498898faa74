#!/usr/bin/env python3
"""Run a management command of the inventory site."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Hand the command line to Django; works from any folder."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (needs the path)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

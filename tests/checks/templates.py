"""Checks that every template of a site compiles, also those that no test happens to render.

`python -m tests.checks.templates identity_site`
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template


def main(site: str) -> int:
    """Compile the templates of `site` and the shared ones; return the exit code."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"{site}.settings"
    django.setup()
    folders: list[Path] = list(settings.TEMPLATES[0]["DIRS"])  # type: ignore[call-overload]
    names = {
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".html", ".txt", ".svg"} and "static" not in path.parts
    }
    broken = []
    for name in sorted(names):
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            broken.append(f"{name}: {error}")
    print("\n".join(broken) or f"{len(names)} templates of {site} compile")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

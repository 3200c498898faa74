"""Writes the document of a site anew: `python -m tests.contract.openapi inventory`."""

import os
import sys

import django

from tests.contract.openapi.snapshots import document_now, file_of, text_of

if __name__ == "__main__":
    site = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = f"{site}_site.settings"
    django.setup()
    file_of(site).write_text(text_of(document_now()[0]))

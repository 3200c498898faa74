"""The identity site as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "identity_site.settings")
application = get_wsgi_application()
# Workers are forked from here: what is loaded by now they share. Django would load views in each of
# them, and the garbage collector, going through all there is, would make each a copy of its own.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()

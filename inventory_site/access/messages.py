"""One-time messages in a cookie of our own."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class OwnCookieStorage(CookieStorage):
    """Django's cookie storage, whose name is hard-coded and would be the other site's as well."""

    cookie_name = f"{settings.COOKIE_PREFIX}inv_messages"

"""Theme and language: kept in cookies that both sites read; the language also with the person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES = ("auto", "light", "dark")


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Keep the theme in this browser for a year."""
    _remember(response, settings.THEME_COOKIE, theme)


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in this browser for a year; an empty one leaves it to the browser."""
    if language:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)


def comes_from_own_page(request: HttpRequest) -> bool:
    """Tell whether a form was sent by a page of either site, as far as the browser says.

    Stands in for a CSRF token, which a page of the inventory site cannot have.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return request.headers.get("Origin", settings.PUBLIC_ORIGIN) == settings.PUBLIC_ORIGIN


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )

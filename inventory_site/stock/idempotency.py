"""Keys that make a repeated act count once."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest

from inventory_site.stock.refusals import KeyMissing


def fresh_key(_request: HttpRequest) -> dict[str, Callable[[], UUID]]:
    """Give every rendered form a key of its own: templates call it anew each time."""
    return {"fresh_key": uuid4}


def key_of(request: HttpRequest) -> UUID:
    """Return the key that came with a request: of the click if a script sent one, else of the form.

    Raises `KeyMissing` where there is none, or what there is is no UUID.
    """
    text = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    try:
        return UUID(text)
    except ValueError:
        raise KeyMissing from None

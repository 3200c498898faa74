"""Publishes the public keys."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:
    """Answer with every public key that may verify a token, as a JSON Web Key Set."""
    keys = {"keys": [settings.SIGNING_KEY.jwk]}
    return JsonResponse(keys, content_type="application/jwk-set+json")

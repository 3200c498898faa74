"""What the resources of the ledger share: nobody edits them, acts make and move them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from rest_framework import status
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inventory_site.api.resources import ReadResource
from inventory_site.api.versions import version_of


class LedgerResource(ReadResource):
    """What can be listed and read, and acts upon which are resources of their own."""

    orderings = {"created_at": ["created_at", "id"]}
    ordering = "-created_at"

    def told(self, thing: Model, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with a thing; what moves of it moves its version, for nothing of it is edited."""
        data = self.as_read(thing)
        return Response(data, code, headers={"ETag": version_of(data)})

    def sent(self, asks: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """Return the body as types; raise `ValidationError` where it is not as `asks` wants it."""
        serializer = asks(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

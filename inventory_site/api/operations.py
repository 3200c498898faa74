"""How an operation of the OpenAPI document is written: from viewsets, serializers and forms."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django import forms
from django.db.models import UUIDField
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from inventory_site.api.pages import MOST, choices_of
from inventory_site.api.resources import EditableResource, ListedResource, ReadResource
from inventory_site.paging import PAGE_SIZE

HEADER: Literal["header"] = "header"
SUMMARIES = {
    "list": "List {many}",
    "retrieve": "Read {one}",
    "create": "Add {one}",
    "update": "Replace {one}",
    "partial_update": "Change {one}",
    "destroy": "Delete {one}",
}
"""Of what every resource does alike; anything else has a docstring of its own."""
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "format": "uuid"},
    HEADER,
    required=True,
    description=(
        "New for each act. Send the same again to get the same answer, done once: the ledger"
        " remembers an act for ever, everything else is remembered for a day."
    ),
)
VERSION = OpenApiParameter(
    "If-Match",
    str,
    HEADER,
    required=True,
    description="The `ETag` of what you have read, or `*` for whatever is there.",
)
ALLOWANCE = [
    OpenApiParameter(f"RateLimit-{name}", int, HEADER, response=True, description=sentence)
    for name, sentence in {
        "Limit": "Requests in a minute.",
        "Remaining": "Requests that are left of this minute.",
        "Reset": "Seconds until the next minute begins.",
    }.items()
]
TAG = OpenApiParameter(
    "ETag",
    str,
    HEADER,
    response=[200, 201],
    description="The version of what may be edited: units beside it move without it.",
)
REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    HEADER,
    response=True,
    description="There where this is the answer of before, and nothing was done again.",
)
CURSOR = OpenApiParameter(
    "cursor", str, description="Where a page begins: as `next` and `previous` give it."
)
LINK = OpenApiParameter(
    "Link", str, HEADER, response=[200], description="The pages around, as in RFC 8288."
)


class Schema(AutoSchema):
    """Writes an operation from its docstring, its filters, and what every resource shares."""

    def get_summary(self) -> str:
        """Return what the operation does, in a few words."""
        action = self._action()
        if _is_shared(self.view, action):
            return SUMMARIES[action].format(**_names(self.view))
        return _docstring(self.view, action)[0]

    def get_description(self) -> str:  # type: ignore[override]  # as the library has it
        """Return the rest of what there is to say: of the action, or of the resource."""
        action = self._action()
        if _is_shared(self.view, action):
            return " ".join((self.view.__doc__ or "").split())
        return _docstring(self.view, action)[1]

    def get_response_serializers(self) -> Any:
        """Return what is told: of what was added, the same as of what is read."""
        if isinstance(self.view, EditableResource) and self._action() == "create":
            return self.view.serializer_class
        return super().get_response_serializers()

    def get_tags(self) -> list[str]:
        """Sort operations by their resource."""
        return [self._tokenize_path()[0].replace("-", " ").capitalize()]

    def get_override_parameters(self) -> list[Any]:
        """Add headers and query parameters."""
        action = self._action()
        found: list[Any] = [*ALLOWANCE]
        if self.method != "GET":
            found.append(KEY)
        if getattr(getattr(self.view, action, None), "is_once", False):
            found.append(REPLAYED)
        if isinstance(self.view, ReadResource) and action == "retrieve":
            found.append(TAG)
        if isinstance(self.view, EditableResource) and action in SUMMARIES.keys() - {"list"}:
            changes = action in {"update", "partial_update", "destroy"}
            found += [TAG, VERSION] if changes else [TAG]
        if isinstance(self.view, ListedResource) and action == "list":
            found += [LINK, *_of_list(self.view)]
        return found

    def _action(self) -> str:
        return str(getattr(self.view, "action", None) or self.method.lower())


def _is_shared(view: Any, action: str) -> bool:
    """Tell whether a viewset does this as every other does."""
    module = getattr(getattr(view, action, None), "__module__", "")
    return action in SUMMARIES and module == ListedResource.__module__


def _names(view: Any) -> dict[str, str]:
    """Return what one thing of a resource is called, and many."""
    meta = view.queryset.model._meta
    one, many = str(meta.verbose_name), str(meta.verbose_name_plural)
    return {"one": f"{'an' if one[0] in 'aeiou' else 'a'} {one}", "many": many}


def _docstring(view: Any, action: str) -> tuple[str, str]:
    text = getattr(view, action).__doc__ or view.__doc__ or ""
    first, _blank, rest = text.strip().partition("\n\n")
    return " ".join(first.split()).rstrip("."), " ".join(rest.split())


def _of_list(view: ListedResource) -> list[OpenApiParameter]:
    """Return the query parameters of a list."""
    words = choices_of(view.orderings)
    size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE}
    return [
        *of_form(view.filters),
        OpenApiParameter("ordering", str, enum=words, default=view.ordering),
        OpenApiParameter("limit", size, description="Rows on a page."),
        CURSOR,
    ]


def of_form(form: type[forms.Form]) -> list[OpenApiParameter]:
    """Return the query parameters that a form checks."""
    return [_of_field(name, field) for name, field in form.base_fields.items()]


def _of_field(name: str, field: forms.Field) -> OpenApiParameter:
    sentence = str(field.help_text or field.label or "")
    required = field.required
    if isinstance(field, forms.ModelChoiceField):
        model = field.queryset.model  # type: ignore[union-attr]  # set when the form is made
        key = UUID if isinstance(model._meta.pk, UUIDField) else int
        return OpenApiParameter(name, key, required=required, description=sentence)
    if isinstance(field, forms.ChoiceField):
        choices = [str(value) for value, _label in field.choices if value]  # type: ignore[union-attr,misc]
        return OpenApiParameter(name, str, required=required, enum=choices, description=sentence)
    kind: Any = int if isinstance(field, forms.IntegerField) else str
    if isinstance(field, forms.DateField):
        kind = {"type": "string", "format": "date"}
    return OpenApiParameter(name, kind, required=required, description=sentence)

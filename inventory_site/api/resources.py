"""The viewsets that resources are made of; see the package's docstring for how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from inventory_site.access.roles import Permission
from inventory_site.api.fields import Serializer
from inventory_site.api.keys import once
from inventory_site.api.pages import ASKED, Keyset, Orderings, order_of
from inventory_site.api.problems import Conflict, by_field
from inventory_site.api.rates import Allowance
from inventory_site.api.tables import CsvRenderer, csv_list, wants_csv
from inventory_site.api.versions import check_version, version_of
from inventory_site.products.removal import reason_to_stay

if TYPE_CHECKING:
    ViewSet = GenericViewSet[Any]
else:  # it knows its model only to the type checker
    ViewSet = GenericViewSet


TOGETHER = 2000
"""Rows of a file that are fetched at a time."""


class Search(forms.Form):
    """What most lists are narrowed down by."""

    q = forms.CharField(
        max_length=100, required=False, help_text="Words that must all occur, in any case."
    )


class Nothing(forms.Form):
    """No filters."""


class Resource(ViewSet):
    """What every viewset of the API shares: rights by action, and the allowance in its answers."""

    may: ClassVar[Mapping[str, Permission]] = {}
    allowance: Allowance | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read a write's body before anything else does, so that it can be told apart by it."""
        _body = request._request.body
        super().initial(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Say what is left of the person's allowance."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.allowance.headers if self.allowance else {}).items():
            answer[name] = value
        return answer

    def asked(self, form: type[forms.Form], *, besides: Iterable[str] = ()) -> dict[str, Any]:
        """Return the query parameters as a form cleans them; see `question`."""
        return self.question(form, besides=besides).cleaned_data

    def question[Form: forms.Form](self, form: type[Form], *, besides: Iterable[str] = ()) -> Form:
        """Return the query parameters in a form that found them valid.

        Raises `ValidationError`, also for one that is not known: it would filter nothing.
        """
        bound = form(self.request.query_params)
        errors = {} if bound.is_valid() else by_field(forms.ValidationError(bound.errors.as_data()))
        for name in self.request.query_params.keys() - bound.fields.keys() - set(besides):
            errors[name] = [_("There is no such parameter.")]
        if errors:
            raise ValidationError(errors)
        return bound

    def sent(self, serializer: type[Serializer]) -> dict[str, Any]:
        """Return the body as a serializer cleans it; raise `ValidationError` where it cannot."""
        bound = serializer(data=self.request.data, context=self.get_serializer_context())
        bound.is_valid(raise_exception=True)
        return dict(bound.validated_data)


class ListedResource(Resource):
    """What can be listed.

    `filters` checks the query parameters, `narrowed` applies them; `orderings` says what
    `?ordering=` may be, and `ordering` what it is where nobody says.
    """

    pagination_class = Keyset
    filters: ClassVar[type[forms.Form]] = Search
    orderings: ClassVar[Orderings] = {"name": ["name", "id"]}
    ordering: ClassVar[str] = "name"

    def get_renderers(self) -> list[BaseRenderer]:
        """Offer a list as CSV, too."""
        usual = super().get_renderers()
        return [*usual, CsvRenderer()] if self.action == "list" else usual

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep of the rows what the filters leave."""
        for word in wanted.get("q", "").split():
            rows = rows.filter(name__icontains=word)
        return rows

    def shown(self, rows: Sequence[Any], wanted: dict[str, Any]) -> Sequence[Any]:
        """Return some rows as the serializer takes them."""
        return rows

    def list(self, request: Request, **_address: Any) -> HttpResponseBase:
        """Answer with a page, or with all of it as CSV."""
        wanted = self.asked(self.filters, besides=ASKED)
        rows = self.narrowed(self.get_queryset(), wanted)
        if wants_csv(request):
            order = order_of(request, self.orderings, self.ordering)
            some = batched(rows.order_by(*order).iterator(chunk_size=TOGETHER), TOGETHER)
            every = (row for rows in some for row in self.shown(list(rows), wanted))
            name = self.basename.removeprefix("api-")
            return csv_list(name, self.get_serializer(), every)
        page = self.shown(self.paginate_queryset(rows) or [], wanted)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ReadResource(ListedResource):
    """What can be listed and read one by one; `lookup_url_kwarg` names it in the address."""

    lookup_value_converter = "int"

    def retrieve(self, request: Request, **_address: Any) -> Response:
        """Answer with one, and with its version."""
        self.asked(Nothing)
        return self.told(self.get_object())

    def told(self, thing: Model, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with a thing and its version."""
        data = self.as_read(thing)
        return Response(data, code, headers={"ETag": self.version(thing)})

    def as_read(self, thing: Model) -> dict[str, Any]:
        """Return what is told of a thing, whatever the action."""
        assert self.serializer_class  # noqa: S101 (every resource has one)
        context = self.get_serializer_context()
        return dict(self.serializer_class(thing, context=context).data)

    def version(self, thing: Model) -> str:
        """Return the version of a thing: of what may be edited of it."""
        assert self.serializer_class  # noqa: S101
        fields: dict[str, Any] = getattr(self.serializer_class(), "fields", {})
        edited = {name for name, field in fields.items() if not field.read_only}
        told = self.as_read(thing)
        return version_of({name: told[name] for name in told if name in edited} | {"pk": thing.pk})


class EditableResource(ReadResource):
    """What can be added, changed, and deleted where nothing stands in the way.

    `new_serializer_class` is for adding, where that asks for more than changing.
    """

    new_serializer_class: ClassVar[type[BaseSerializer[Any]] | None] = None

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return what the action asks for."""
        if self.action == "create" and self.new_serializer_class:
            return self.new_serializer_class
        return super().get_serializer_class()

    @once
    def create(self, request: Request, **_address: Any) -> Response:
        """Add one, and tell where it is."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = self.get_queryset().get(pk=self.add(serializer).pk)
        answer = self.told(made, code=status.HTTP_201_CREATED)
        key = getattr(made, self.lookup_field.partition("__")[0])
        kwargs = {self.lookup_url_kwarg or self.lookup_field: key}
        answer["Location"] = reverse(f"{self.basename}-detail", kwargs=kwargs)
        return answer

    def add(self, serializer: BaseSerializer[Any]) -> Model:
        """Write what was found valid, and return it."""
        made: Model = serializer.save()
        return made

    @once
    def update(self, request: Request, **_address: Any) -> Response:
        """Change all facts of one."""
        return self._changed(is_partial=False)

    @once
    def partial_update(self, request: Request, **_address: Any) -> Response:
        """Change some facts of one."""
        return self._changed(is_partial=True)

    def _changed(self, *, is_partial: bool) -> Response:
        thing = self.thing_to_change()
        data = self.request.data
        serializer = self.get_serializer(thing, data=data, partial=is_partial)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return self.told(self.get_queryset().get(pk=thing.pk))

    @once
    def destroy(self, request: Request, **_address: Any) -> Response:
        """Delete one; what has history stays."""
        thing = self.thing_to_change()
        if reason := reason_to_stay(thing):
            raise Conflict(reason, "in_use")
        thing.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def thing_to_change(self) -> Model:
        """Return what the address names, locked, if it is the version that was read.

        To be called in an atomic block, as `once` makes one. The lock is the one that an UPDATE
        takes: the ledger may still point at the row.
        """
        key = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        rows = self.get_queryset().select_for_update(of=("self",), no_key=True)
        thing: Model = get_object_or_404(rows, **{self.lookup_field: key})
        check_version(self.request, self.version(thing))
        return thing

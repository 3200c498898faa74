"""Stock counts for programs: the same calls as the pages'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.described import PROBLEM_SCHEMA, PROBLEM_TYPE
from inventory_site.api.fields import Empty
from inventory_site.api.keys import key_of, once
from inventory_site.api.resources import ListedResource, Nothing
from inventory_site.counts import counting, posting, results, scanning
from inventory_site.counts.counting import Counted
from inventory_site.counts.forms import CountFilterForm
from inventory_site.counts.models import Count, Line, LineQuerySet
from inventory_site.counts.refusals import CountClosed, OutOfScope
from inventory_site.counts.serializers import (
    CountSerializer,
    EntrySerializer,
    LineSerializer,
    NewCountSerializer,
    NewEntrySerializer,
    PlaceSerializer,
    PostingSerializer,
    PreviewSerializer,
    ScanSerializer,
    WholeCountSerializer,
)


class CountViewSet(ListedResource):
    """Stock counts: what people found on the shelves. A closed one is never changed again."""

    may = {
        "list": Permission.READ,
        "retrieve": Permission.READ,
        "create": Permission.MANAGE,
        "entries": Permission.MOVE,
        "scans": Permission.MOVE,
        "posting": Permission.MANAGE,
        "post_differences": Permission.MANAGE,
        "cancellation": Permission.MANAGE,
    }
    queryset = Count.objects.select_related("location", "created_by", "closed_by")
    serializer_class = CountSerializer
    lookup_url_kwarg = "count"
    lookup_value_converter = "int"
    filters = Nothing
    orderings = {"created_at": ["created_at", "id"]}
    ordering = "-created_at"

    @extend_schema(responses=WholeCountSerializer)
    def retrieve(self, request: Request, **_address: Any) -> Response:
        """Read a count.

        With how far it is, and what it put on the books.
        """
        self.asked(Nothing)
        return Response(WholeCountSerializer(self.get_object()).data)

    @extend_schema(request=NewCountSerializer, responses={201: WholeCountSerializer})
    def create(self, request: Request) -> Response:
        """Open a count.

        With a line for each product at each place in its scope.
        """
        said = self.sent(NewCountSerializer)
        count = counting.open_count(**said, actor=person_of(request), key=key_of(request))
        answer = Response(WholeCountSerializer(count).data, 201)
        answer["Location"] = reverse("api-counts-detail", kwargs={"count": count.pk})
        return answer

    @extend_schema(request=NewEntrySerializer, responses={201: EntrySerializer})
    @action(detail=True, methods=["post"])
    def entries(self, request: Request, **_address: Any) -> Response:
        """Count a line.

        With what the book says in that moment. A product that the book does not have at a place
        becomes a line of the count.
        """
        count, said = self.get_object(), self.sent(NewEntrySerializer)
        if count.is_blind and "seen" in said:
            raise ValidationError({"seen": [_("This count is blind: nobody is shown the book.")]})
        counted = Counted(
            quantity=said["quantity"],
            line_id=said.get("line"),
            product_id=said["product"].pk if "product" in said else None,
            location_id=said["location"].pk if "location" in said else None,
            is_more=said["is_more"],
            seen=said.get("seen"),
        )
        who, key = person_of(request), key_of(request)
        (entry,) = counting.record(count, [counted], actor=who, key=key)
        return Response(EntrySerializer(entry).data, 201)

    @extend_schema(request=ScanSerializer, responses=PlaceSerializer)
    @action(detail=True, methods=["post"])
    def scans(self, request: Request, **_address: Any) -> Response:
        """Take one scan.

        A location's code says where one stands now, which the answer tells for the next scan; a SKU
        counts one more there, or as many as the number behind it says.
        """
        count, said = self.get_object(), self.sent(ScanSerializer)
        code = said.get("location", "")
        at = scanning.place_of(count, code)
        if code and (at is None or at.code.casefold() != code.casefold()):
            raise OutOfScope(code)
        who, key = person_of(request), key_of(request)
        return Response(
            PlaceSerializer(scanning.scan(count, said["code"], at=at, actor=who, key=key)).data
        )

    @extend_schema(responses={200: PreviewSerializer, (409, PROBLEM_TYPE): PROBLEM_SCHEMA})
    @action(detail=True, pagination_class=None)
    def posting(self, request: Request, **_address: Any) -> Response:
        """Read what posting would do.

        As things stand, if what nobody counted stays as it is; refused where the count is closed.
        """
        self.asked(Nothing)
        count = self.get_object()
        if not count.is_open:
            raise CountClosed
        return Response(PreviewSerializer(posting.preview(count)).data)

    @extend_schema(request=PostingSerializer, responses={200: WholeCountSerializer})
    @posting.mapping.post
    def post_differences(self, request: Request, **_address: Any) -> Response:
        """Post a count.

        All differences as one batch, and the count is closed. A posted one comes back as it is.
        """
        count, said = self.get_object(), self.sent(PostingSerializer)
        closed = posting.post(count, **said, actor=person_of(request), key=key_of(request))
        return Response(WholeCountSerializer(closed).data)

    @extend_schema(request=None, responses={200: WholeCountSerializer})
    @action(detail=True, methods=["post"])
    @once
    def cancellation(self, request: Request, **_address: Any) -> Response:
        """Cancel a count.

        It is closed without posting anything.
        """
        self.sent(Empty)
        closed = counting.cancel(self.get_object(), actor=person_of(request))
        return Response(WholeCountSerializer(closed).data)


class LineViewSet(ListedResource):
    """The lines of one count, as its sheet has them: what to count, and what was found."""

    may = {"list": Permission.READ}
    queryset = Line.objects.all()
    serializer_class = LineSerializer
    filters = CountFilterForm
    orderings = {"number": ["number"]}
    ordering = "number"
    count: Count

    def get_queryset(self) -> LineQuerySet:
        """Return those of the count in the address."""
        self.count = get_object_or_404(Count, pk=self.kwargs["count"])
        return results.lines_of(self.count, differing=False)

    def narrowed(self, rows: LineQuerySet, wanted: dict[str, Any]) -> LineQuerySet:  # type: ignore[override]
        """Keep what is left to count, or to look at again; of a closed count, nothing is."""
        if wanted["show"] == "doubt" and not self.count.is_open:
            return rows.none()
        return rows.narrowed(**wanted)

    def shown(self, rows: Sequence[Line], wanted: dict[str, Any]) -> Sequence[results.Explained]:
        """Return the lines with all that there is to say of them."""
        return results.explained(self.count, rows)

"""The reports for programs: the same questions and answers as the pages'."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.access.roles import Permission
from inventory_site.api.fields import Instant
from inventory_site.api.operations import CURSOR, of_form
from inventory_site.api.pages import cursor_of, page_answer
from inventory_site.api.resources import ListedResource, Nothing, Resource
from inventory_site.api.tables import CsvRenderer, csv_list, wants_csv
from inventory_site.products import reorder
from inventory_site.products.models import Product
from inventory_site.products.reorder_forms import ReorderFilterForm
from inventory_site.reports import files, movements, stock, valuation
from inventory_site.reports.forms import MovementsForm
from inventory_site.reports.instants import AsOfForm, NowForm
from inventory_site.reports.serializers import (
    CategoryWorthSerializer,
    MovedSerializer,
    MovementReportSerializer,
    NeedSerializer,
    ProofSerializer,
    ReorderReportSerializer,
    StandingProofSerializer,
    StockReportSerializer,
    ValuationSerializer,
    ValuedSerializer,
    WorthSerializer,
)
from inventory_site.stock import verification
from inventory_site.stock.models import Verification

REPORTS = ("stock", "movements", "valuation", "reorder")


class ReorderQuestion(NowForm, ReorderFilterForm):
    """What to list of what is to be ordered, now."""


class ReportViewSet(Resource):
    """What there was, what moved, what it is worth, and what is to be ordered."""

    may = dict.fromkeys(REPORTS, Permission.READ)

    def get_renderers(self) -> list[BaseRenderer]:
        """Offer every report as CSV, too."""
        return [*super().get_renderers(), CsvRenderer()]

    @extend_schema(parameters=of_form(AsOfForm), responses=StockReportSerializer)
    @action(detail=False)
    def stock(self, request: Request) -> HttpResponseBase:
        """Read the stock report.

        By category and location, with all below each, and what is low or out, by the minimums of
        today. The CSV file is the page's: it lists every product that is low or out.
        """
        instant = self.asked(AsOfForm)["as_of"]
        if wants_csv(request):
            return files.report_file(instant)
        found = stock.stock_report(instant)
        said = {"as_of": instant or timezone.now(), "uncategorised": found.uncategorised}
        said |= {"categories": found.categories, "locations": found.locations}
        said |= {"low": found.low, "out": found.out}
        return Response(StockReportSerializer(said).data)

    @extend_schema(parameters=of_form(MovementsForm), responses=MovementReportSerializer)
    @action(detail=False)
    def movements(self, request: Request) -> HttpResponseBase:
        """Read what moved in a period.

        The last 30 days, day by day, where nobody says otherwise. Of products, the 200 that moved
        most; the CSV file has all.
        """
        wish = self.question(MovementsForm).wish()
        if wants_csv(request):
            return csv_list("movements", MovedSerializer(), movements.all_rows(wish))
        found = movements.report(wish)
        said = {"first": wish.first, "last": wish.last, "by": wish.by}
        said |= {"total": found.total, "is_cut": found.is_cut, "rows": found.rows}
        return Response(MovementReportSerializer(said).data)

    @extend_schema(parameters=[*of_form(AsOfForm), CURSOR], responses=ValuationSerializer)
    @action(detail=False)
    def valuation(self, request: Request) -> HttpResponseBase:
        """Read what the stock is worth.

        At moving average cost: together, by category, and product by product. The CSV file has
        every product.
        """
        instant = self.asked(AsOfForm, besides=["cursor"])["as_of"]
        if wants_csv(request):
            return csv_list("valuation", ValuedSerializer(), valuation.all_lines(instant))
        cursor = cursor_of(request, Product, valuation.BY_NAME)
        found = valuation.valuation(instant, cursor=cursor)
        answer = page_answer(request, found.page, ValuedSerializer(found.lines, many=True).data)
        answer.data |= {
            "as_of": Instant().to_representation(instant or timezone.now()),
            "total": WorthSerializer(found.total).data,
            "categories": CategoryWorthSerializer(found.categories, many=True).data,
        }
        return answer

    @extend_schema(
        parameters=[*of_form(ReorderQuestion), CURSOR], responses=ReorderReportSerializer
    )
    @action(detail=False)
    def reorder(self, request: Request) -> HttpResponseBase:
        """Read what is to be ordered.

        Products of which no more is available than their minimum, always of now. The CSV file has
        every one.
        """
        wish = self.question(ReorderQuestion, besides=["cursor"]).wish()
        if wants_csv(request):
            return csv_list("reorder", NeedSerializer(), reorder.all_needs(wish))
        cursor = cursor_of(request, Product, reorder.BY_NAME)
        page, needs = reorder.needs(wish, cursor=cursor)
        return page_answer(request, page, NeedSerializer(needs, many=True).data)


class ProofViewSet(ListedResource):
    """What was verified of the ledger, and what was found."""

    may = {"list": Permission.READ, "standing": Permission.READ}
    queryset = Verification.objects.all()
    serializer_class = ProofSerializer
    filters = Nothing
    orderings = {"id": ["id"]}
    ordering = "-id"

    @extend_schema(responses=StandingProofSerializer)
    @action(detail=False, pagination_class=None)
    def standing(self, request: Request) -> Response:
        """Read the standing proof.

        The last one: what was found before and is still there, it has found again. 404 before the
        first.
        """
        self.asked(Nothing)
        proof = verification.latest()
        if proof is None:
            raise Http404
        return Response(StandingProofSerializer(proof).data)

"""What we stock, and where it can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode

from inventory_site.products.codes import MAX_LENGTH, SHAPE, validate_code

if TYPE_CHECKING:
    from inventory_site.stock.models import StockLevel


class Category(TreeNode):  # type: ignore[django-manager-missing]  # its manager is untyped
    """A branch of the tree that products are sorted into."""

    name = models.CharField(_("name"), max_length=80)
    parent = TreeNodeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    if TYPE_CHECKING:  # with_tree_fields()
        tree_depth: int
        tree_path: list[int]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                name="category_name_unique",
                nulls_distinct=False,
                violation_error_message=_("There is a category of this name there already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Manufacturer(models.Model):
    """Who makes a product."""

    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("manufacturer")
        verbose_name_plural = _("manufacturers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="manufacturer_name_unique",
                violation_error_message=_("There is a manufacturer of this name already."),
            )
        ]
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="manufacturer_name_trgm")]

    def __str__(self) -> str:
        return self.name


class Supplier(models.Model):
    """Who delivers what is received."""

    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="supplier_name_unique",
                violation_error_message=_("There is a supplier of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Location(TreeNode):  # type: ignore[django-manager-missing]  # its manager is untyped
    """A place where stock can be: a storeroom, an aisle, a shelf."""

    code = models.CharField(_("code"), max_length=MAX_LENGTH, validators=[validate_code])
    name = models.CharField(_("name"), max_length=80, blank=True)
    parent = TreeNodeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    if TYPE_CHECKING:  # with_tree_fields()
        tree_depth: int
        tree_path: list[int]

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="location_code_unique",
                violation_error_message=_("There is a location with this code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=f"^{SHAPE}$"), name="location_code_shape"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name else self.code


OUT = models.Q(on_hand=0)
LOW = models.Q(on_hand__gt=0, on_hand__lte=models.F("reorder_point"))
"""What out of stock and low mean, for products that know what is `on_hand`; `stock/guards.sql` says
the same where it keeps the tiles' numbers."""


class ProductQuerySet(models.QuerySet["Product"]):
    """Questions about products, in words."""

    def in_use(self) -> Self:
        """Keep what is active, and what is not but still lies on a shelf: no unit goes unseen."""
        return self.filter(models.Q(is_active=True) | models.Q(total__on_hand__gt=0))

    def with_on_hand(self) -> Self:
        """Add `on_hand`: the units at all locations together."""
        return self.annotate(on_hand=models.F("total__on_hand"))

    def out_of_stock(self) -> Self:
        """Keep the products of which there is none (after `with_on_hand`)."""
        return self.filter(OUT)

    def low_on_stock(self) -> Self:
        """Keep those at or below their reorder point but not out (after `with_on_hand`)."""
        return self.filter(LOW)

    def within(self, category: Category) -> Self:
        """Keep the products of a category and of all below it."""
        branch = Category.objects.descendants(category, include_self=True)
        return self.filter(category__in=list(branch.values_list("pk", flat=True)))

    def matching(self, text: str) -> Self:
        """Keep the products in which every word of `text` occurs.

        Looked at, ignoring case: SKU, name, part number and the manufacturer's name.
        """
        found = self
        for word in text.split()[:8]:
            makers = Manufacturer.objects.filter(name__icontains=word).values_list("pk", flat=True)
            found = found.filter(
                models.Q(search_text__contains=in_capitals(word))
                | models.Q(manufacturer__in=list(makers))
            )
        return found


def in_capitals(word: str) -> str:
    """Upper-case as the database does, letter by letter: “ß” stays, where Python says “SS”."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in word)


class Product(models.Model):
    """A thing we stock, identified by its SKU."""

    sku = models.CharField(_("SKU"), max_length=MAX_LENGTH, validators=[validate_code])
    name = models.CharField(_("name"), max_length=120)
    manufacturer = models.ForeignKey(
        Manufacturer, models.PROTECT, null=True, blank=True, verbose_name=_("manufacturer")
    )
    part_number = models.CharField(_("part number"), max_length=80, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    reorder_point = models.PositiveIntegerField(
        _("minimum"), default=0, help_text=_("At or below this quantity the product is low.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    search_text = models.GeneratedField(
        expression=Upper(
            models.functions.Concat(
                "sku", models.Value("\n"), "name", models.Value("\n"), "part_number"
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("searched text"),
    )
    sort_name = models.GeneratedField(
        expression=Lower("name"),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("sorted name"),
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(
                Upper("sku"),
                name="product_sku_unique",
                violation_error_message=_("This SKU already exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(sku__regex=f"^{SHAPE}$") & ~models.Q(sku__iexact="new"),
                name="product_sku_shape",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="product_has_a_name"),
        ]
        indexes = [
            models.Index("sort_name", "id", name="product_by_name"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="product_search_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the product's own page."""
        return reverse("product", args=[self.sku])

    def level_at(self, code: str) -> StockLevel | None:
        """Return what there is at the location with this code; None where there never was any."""
        if not re.fullmatch(SHAPE, code):
            return None
        return self.levels.select_related("location").filter(location__code__iexact=code).first()


class ReorderPoint(models.Model):
    """How few units of a product may be available at one location before more are needed there.

    The product's own minimum (`Product.reorder_point`) is of all locations together.
    """

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="reorder_points", verbose_name=_("product")
    )
    location = models.ForeignKey(
        Location, models.CASCADE, related_name="reorder_points", verbose_name=_("location")
    )
    quantity = models.PositiveIntegerField(_("minimum"))

    class Meta:
        verbose_name = _("minimum at a location")
        verbose_name_plural = _("minimums at locations")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location"],
                name="reorder_point_unique",
                violation_error_message=_("This product has a minimum at this location already."),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0),
                name="reorder_point_positive",
                violation_error_message=_("A minimum is 1 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} @ {self.location.code}: {self.quantity}"

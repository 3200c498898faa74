"""Fields and serializers: JSON into types and back, and nothing that is not asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from inventory_site.api.problems import by_field
from inventory_site.stock.kinds import MAX_QUANTITY
from inventory_site.stock.money import MAX_COST, PLACES

if TYPE_CHECKING:
    ModelSerializer = serializers.ModelSerializer[Any]
    Serializer = serializers.Serializer[Any]
else:  # these know their model only to the type checker
    ModelSerializer = serializers.ModelSerializer
    Serializer = serializers.Serializer

MOST_NAMED = 20
BIGGEST_ID = 2**63 - 1


class Whole(serializers.IntegerField):
    """A whole number as JSON has it: no text, no fraction, no truth value."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class Quantity(Whole):
    """Units, signed where the act is; the most that one transaction moves is the limit."""

    def __init__(self, *, min_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=MAX_QUANTITY, **kwargs)


class Money(serializers.DecimalField):
    """An amount in `CURRENCY`, as text: no program should round it on the way."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 30, "decimal_places": PLACES} | kwargs)


class UnitCost(Money):
    """An amount for one unit, as text: a number of JSON would be rounded on its way."""

    default_error_messages = {"invalid": gettext_lazy("Write an amount as text: “1234.5000”.")}

    def __init__(self, **kwargs: Any) -> None:
        digits = len(str(MAX_COST)) + PLACES
        super().__init__(max_digits=digits, min_value=0, max_value=MAX_COST, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the amount."""
        if not isinstance(data, str) or not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Instant(serializers.DateTimeField):
    """A time, written in UTC (RFC 3339)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Related(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]  # not while running
    """Another thing, by its id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=Whole(min_value=1, max_value=BIGGEST_ID), **kwargs)


class ByCode(serializers.SlugRelatedField):  # type: ignore[type-arg]  # not while running
    """Another thing, by its code or SKU, whose case does not matter."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the thing with this code."""
        rows, found = self.get_queryset(), None
        if rows is not None and isinstance(data, str):
            found = rows.filter(**{f"{self.slug_field}__iexact": data}).first()
        if found is None:
            shown = str(data)[:64]
            self.fail("does_not_exist", slug_name=self.slug_field, value=shown)
        return found


class Strict:
    """Refuses fields that the serializer does not have: a misspelt one would change nothing."""

    def to_internal_value(self, data: Any) -> Any:
        """Return what was sent as types."""
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]  # type: ignore[attr-defined]
            if unknown:
                sentence = [_("There is no such field.")]
                raise serializers.ValidationError(dict.fromkeys(unknown[:MOST_NAMED], sentence))
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(Strict, Serializer):
    """A serializer of no model."""


class Empty(StrictSerializer):
    """The body of an act that its address says all of."""


class Facts(Strict, ModelSerializer):
    """What is said of a model's row; its rules are the model's, as on the pages."""

    serializer_related_field = Related
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: Instant,
        models.BigIntegerField: Whole,
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Have the model look at the row with what was sent in it, as a form does.

        What nobody can send is left out: whoever saves the row fills it in.
        """
        thing = self.instance or self.Meta.model()  # type: ignore[misc]  # knows no model
        for name in attrs.keys() & {field.name for field in thing._meta.get_fields()}:
            setattr(thing, name, attrs[name])
        ours = {name for name, field in self.fields.items() if not field.read_only}
        try:
            thing.full_clean(exclude={field.name for field in thing._meta.fields} - ours)
        except ModelError as error:
            raise serializers.ValidationError(by_field(error)) from error
        return attrs

    def update(self, instance: Any, validated_data: dict[str, Any]) -> Any:
        """Write what was sent and nothing else."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save(update_fields=list(validated_data))
        return instance

"""`?as_of=`: the instant that a page looks back to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

OLDEST = 1900
"""The first year that anybody can mean."""


def end_of(day: date) -> datetime:
    """Return the last instant of a day where the site is."""
    tomorrow = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(tomorrow) - timedelta(microseconds=1)


class InstantField(forms.CharField):
    """A day, which means its end, or an instant in ISO 8601 (without a zone: the site's)."""

    widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value: Any) -> datetime | None:
        """Return the instant; None for nothing, which is now."""
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text)
            instant = end_of(day) if day else parse_datetime(text.replace(" ", "+"))
            if instant is None or not instant.year >= OLDEST:
                raise ValueError
            instant = instant if timezone.is_aware(instant) else timezone.make_aware(instant)
            is_to_come = instant > end_of(timezone.localdate())
        except (ValueError, OverflowError) as error:
            sentence = _("Give a day such as 2026-01-31, or a time such as 2026-01-31T14:30.")
            raise ValidationError(sentence, "invalid") from error
        if is_to_come:
            raise ValidationError(_("This time is still to come."), "future")
        return instant


class AsOfForm(forms.Form):
    """When a page is about; nothing is now."""

    as_of = InstantField(max_length=40, required=False, label=_("As of"))

    @property
    def instant(self) -> datetime | None:
        """The instant that is asked for, None for now (after `is_valid`)."""
        found: datetime | None = self.cleaned_data.get("as_of")
        return found


class NowForm(forms.Form):
    """For a page that is always of now: whoever asks for another time is told so."""

    as_of = forms.CharField(required=False, label=_("As of"))

    def clean_as_of(self) -> None:
        """Refuse any time."""
        if self.cleaned_data["as_of"]:
            sentence = _("This list is always of now: what was held for whom is not kept by day.")
            raise ValidationError(sentence, "now")

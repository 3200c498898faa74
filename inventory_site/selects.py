"""Select boxes that cost little."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_SELECTED = mark_safe(" selected")


class QuickSelect(forms.Select):
    """A select box as Django renders it, but in one go: Django takes a template for each option.

    Its choices have no groups.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the box with `value` chosen."""
        chosen = self.format_value(value) or []
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, _SELECTED if str(key) in chosen else "", label)
                for key, label in ((key or "", label) for key, label in self.choices)
            ),
        )
        everything = self.build_attrs(self.attrs, {"name": name} | (attrs or {}))
        return format_html("<select{}>{}</select>", flatatt(everything), options)

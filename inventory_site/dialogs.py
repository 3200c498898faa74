"""Forms that are a page of their own and, where htmx asks, a dialog on the page before."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from inventory_site.access.http import Request, is_fragment


def dialog(
    request: Request, template: str, form: forms.BaseForm, *, focus: str, **context: Any
) -> HttpResponse:
    """Render a form, a 422 where it was refused; the first wrong field, else `focus`, has focus."""
    wrong = next((name for name in form.fields if name in form.errors), focus)
    form.fields[wrong].widget.attrs["autofocus"] = True
    part = f"{template}#dialog" if is_fragment(request) else template
    status = 422 if form.is_bound else 200
    return render(request, part, {"form": form, **context}, status=status)

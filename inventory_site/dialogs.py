"""Forms that are a page of their own and, where htmx asks, a dialog on the page before."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from inventory_site.access.http import Request, is_fragment


def dialog(
    request: Request, template: str, form: forms.BaseForm, *, focus: str, **context: Any
) -> HttpResponse:
    """Render a form, a 422 where it was refused; the first wrong field, else `focus`, has focus.

    On a page of its own it is a plain form, which answers with that page: a refusal in a dialog
    would lie over the fields it is about.
    """
    wrong = next((name for name in form.fields if name in form.errors), focus)
    form.fields[wrong].widget.attrs["autofocus"] = True
    in_dialog = is_fragment(request)
    part = f"{template}#dialog" if in_dialog else template
    status = 422 if form.is_bound else 200
    return render(request, part, {"form": form, "in_dialog": in_dialog, **context}, status=status)

"""The profile page and the theme and language menu; sign-in and its kin are allauth's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from identity_site.accounts.forms import PreferencesForm, ProfileForm
from identity_site.accounts.models import User
from identity_site.accounts.own_urls import is_own_url
from identity_site.accounts.preferences import (
    comes_from_own_page,
    remember_language,
    remember_theme,
)
from identity_site.accounts.second_factor import factors_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show who somebody is here, and let them change their name and language."""
    # A copy: what the form refuses must not show in the header of the page.
    person = get_object_or_404(User, pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        # Nothing else: an administrator may be changing the role of this row right now.
        form.save(commit=False).save(update_fields=form.Meta.fields)
        with override(person.language or get_language()):
            messages.success(request, _("Your profile is saved."))
        response = redirect("profile")
        remember_language(response, person.language)
        return response
    context = {"form": form, "has_second_factor": factors_of(person).exists()}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@csrf_exempt  # pages of the other site send this form too; `comes_from_own_page` guards it
@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember a theme or a language, and go back to where the person was."""
    if not comes_from_own_page(request):
        raise PermissionDenied
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        raise BadRequest("not on the menu")
    following = request.POST.get("next", "")
    response = HttpResponseRedirect(following if is_own_url(following) else "/")
    if theme := form.cleaned_data["theme"]:
        remember_theme(response, theme)
    if language := form.cleaned_data["language"]:
        remember_language(response, language)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response

"""The pages about webhooks: which there are, what each was sent, and how that went."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.notices import delivery, register
from inventory_site.notices.forms import WebhookForm
from inventory_site.notices.models import Delivery, Webhook
from inventory_site.paging import page_of

NEWEST_FIRST = ["-created_at", "-id"]


@requires(Permission.MANAGE)
@require_safe
def webhooks(request: Request) -> HttpResponse:
    """Show every webhook."""
    return render(request, "notices/webhooks.html", {"webhooks": Webhook.objects.all()})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_webhook(request: Request) -> HttpResponse:
    """Ask for a new webhook (GET); add it and show its secret, this once (POST)."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        secret = register.add(form.save(commit=False), person=request.user)
        return _show_secret(request, form.instance, secret)
    context = {"form": form, "title": _("New webhook")}
    return render(request, "notices/form.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE)
@require_safe
def webhook(request: Request, webhook: int) -> HttpResponse:
    """Show one webhook and the log of its deliveries, newest first."""
    found = get_object_or_404(Webhook.objects.select_related("created_by"), pk=webhook)
    log = Delivery.objects.filter(webhook=found).select_related("notice")
    page = page_of(log, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    return render(request, "notices/webhook.html", {"webhook": found, "page": page})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_webhook(request: Request, webhook: int) -> HttpResponse:
    """Ask where to send what from now on (GET), and change it (POST)."""
    found = get_object_or_404(Webhook, pk=webhook)
    form = WebhookForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, _("The webhook was changed."))
        return redirect(found)
    context = {"form": form, "webhook": found, "title": _("Edit webhook")}
    return render(request, "notices/form.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_secret(request: Request, webhook: int) -> HttpResponse:
    """Ask whether to make a new secret (GET); make it and show it, this once (POST)."""
    found = get_object_or_404(Webhook, pk=webhook)
    if request.method == "POST":
        return _show_secret(request, found, register.renew_secret(found))
    return render(request, "notices/new_secret.html", {"webhook": found})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_removal(request: Request, webhook: int) -> HttpResponse:
    """Ask whether to delete a webhook and its log (GET), and do it (POST)."""
    found = get_object_or_404(Webhook, pk=webhook)
    if request.method == "POST":
        found.delete()
        messages.success(request, _("The webhook was deleted."))
        return redirect("webhooks")
    return render(request, "notices/removal.html", {"webhook": found})


@requires(Permission.MANAGE)
@require_POST
def webhook_test(request: Request, webhook: int) -> HttpResponse:
    """Have a test sent."""
    found = get_object_or_404(Webhook, pk=webhook)
    delivery.send_test(found)
    messages.success(request, _("A test is on its way. Reload the page to see how it went."))
    return redirect(found)


@requires(Permission.MANAGE)
@require_POST
def repetition(request: Request, delivery_id: UUID) -> HttpResponse:
    """Have a delivery sent again."""
    found = get_object_or_404(Delivery.objects.select_related("webhook"), pk=delivery_id)
    delivery.send_again(found)
    messages.success(request, _("It is on its way again. Reload the page to see how it went."))
    return redirect(found.webhook)


def _show_secret(request: Request, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret}
    return render(request, "notices/secret.html", context)

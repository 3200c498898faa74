"""What a manager types about a webhook, turned into types."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from inventory_site.notices.addresses import AddressRefused, HostUnknown, addresses_of
from inventory_site.notices.kinds import LABELS, TOLD
from inventory_site.notices.models import Webhook
from inventory_site.notices.sending import target_of

if TYPE_CHECKING:  # Django's own class takes no type argument while running
    ModelForm = forms.ModelForm[Webhook]
else:
    ModelForm = forms.ModelForm


class WebhookForm(ModelForm):
    """Where to send which kinds of notice."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "spellcheck": "false"}),
        help_text=_("It gets a signed POST request for every notice."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Tell it of"),
        choices=[(kind.value, LABELS[kind]) for kind in TOLD],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    class Meta:
        model = Webhook
        fields = ["url", "kinds", "is_active"]

    def clean_url(self) -> str:
        """Refuse what we would never send to; what a name leads to is looked at when sending."""
        url: str = self.cleaned_data["url"].strip()
        wrong = ValidationError(
            _("Enter a web address such as https://example.com/hook, without a name or password."),
            "invalid",
        )
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            target_of(url)
        except (ValueError, httpx.InvalidURL):
            raise wrong from None
        if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
            raise wrong
        if not _is_single_word(host):
            URLValidator(schemes=["http", "https"], message=wrong.message)(url)
        try:
            addresses_of(host, port or 0, resolve=False)
        except AddressRefused:
            raise ValidationError(
                _("That is an address inside our own network, where webhooks may not lead."),
                "private",
            ) from None
        except HostUnknown:
            pass  # a name: looked up when sending
        return url


def _is_single_word(host: str) -> bool:
    """Tell whether a host is a name without a dot, as networks of one's own have them."""
    return host.replace("-", "").replace("_", "").isalnum()

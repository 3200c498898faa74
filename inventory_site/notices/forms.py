"""What a manager types about a webhook, turned into types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory_site.notices.kinds import LABELS, TOLD
from inventory_site.notices.models import Webhook

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

"""What people choose when they upload a file of products."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.products.models import Location


class UploadForm(forms.Form):
    """A file, and where its units are unless a row says otherwise."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader has the sentence
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    default_location = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Location.objects.with_tree_fields(),
        required=False,
        empty_label=_("As the file says"),
        label=_("Location"),
        help_text=_("Where the units of rows without a location are."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a file that is too large to look at in one go."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        size = file.size or 0
        if size > settings.IMPORT_MAX_BYTES:
            sizes = {
                "size": filesizeformat(size),
                "most": filesizeformat(settings.IMPORT_MAX_BYTES),
            }
            raise ValidationError(
                _("The file has %(size)s, and at most %(most)s can be uploaded."), "size", sizes
            )
        return file

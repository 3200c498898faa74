"""What people choose when they import a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.imports.encodings import ENCODINGS
from inventory_site.imports.file_kinds import KINDS
from inventory_site.imports.layouts import WORKBOOK
from inventory_site.imports.models import Import
from inventory_site.imports.rows import heading_of
from inventory_site.imports.uploads import Peek
from inventory_site.products.models import Location

_ = gettext_lazy
DELIMITERS = [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab"))]
CHOSEN = "column-"


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in KINDS.values()]


class UploadForm(forms.Form):
    """A file, what it is of, and where its units are unless a row says otherwise."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader has the sentence
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,.xlsx"}),
    )
    kind = forms.ChoiceField(
        label=_("What is in it"),
        required=False,
        choices=lambda: [("", gettext("As its columns say")), *_kinds()],
    )
    default_location = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Location.objects.with_tree_fields(),
        required=False,
        empty_label=_("As the file says"),
        label=_("Location"),
        help_text=_("Where the units of rows without a location are."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a file that is too large to be sent over a page."""
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


class ReadingForm(forms.Form):
    """How the file is read: its kind, its encoding, its delimiter."""

    kind = forms.ChoiceField(label=_("What is in it"), choices=_kinds)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Between the columns"), choices=DELIMITERS)

    def __init__(self, data: QueryDict | None = None, *, upload: Import) -> None:
        """Ask about an upload; of an Excel file only the kind can be chosen."""
        names = ("kind", "encoding", "delimiter")
        super().__init__(data, initial={name: getattr(upload, name) for name in names})
        if upload.encoding == WORKBOOK:
            del self.fields["encoding"], self.fields["delimiter"]


class ColumnsForm(forms.Form):
    """Which column of the file is which."""

    def __init__(self, data: QueryDict | None = None, *, upload: Import, peek: Peek) -> None:
        """Ask about every column that the kind of file knows."""
        super().__init__(data)
        options = [("", gettext("not in the file")), *_options(peek)]
        for column in KINDS[upload.kind].columns:
            doubt = [heading_of(peek.header, i) for i in peek.guess.doubt.get(column.name, [])]
            hint = gettext("Several columns could be this one: %(names)s.") if doubt else ""
            place = upload.columns.get(column.name)
            self.fields[CHOSEN + column.name] = forms.ChoiceField(
                label=column.header,
                choices=options,
                required=column.needed,
                initial="" if place is None else str(place),
                help_text=hint % {"names": ", ".join(doubt)} if hint else str(column.meaning),
            )

    @property
    def chosen(self) -> dict[str, int]:
        """The number of each column that is in the file (after `is_valid`)."""
        names = {name: name.removeprefix(CHOSEN) for name in self.fields}
        found = {names[name]: place for name, place in self.cleaned_data.items() if place}
        return {name: int(place) for name, place in found.items()}


def _options(peek: Peek) -> list[tuple[str, str]]:
    """Return every column of the file, with its first cell."""
    options = []
    for i in range(len(peek.header)):
        first = next((row[i] for row in peek.rows if i < len(row) and row[i].strip()), "")
        shown = Truncator(" ".join(first.split())).chars(24)
        text = f"{i + 1} · {heading_of(peek.header, i)}"
        options.append((str(i), f"{text} ({shown})" if shown else text))
    return options

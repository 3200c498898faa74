"""The pages that bring files in (upload, choose columns, look, import) and let them out."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.imports import exports, findings, uploads
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.file_kinds import KINDS
from inventory_site.imports.findings import Findings
from inventory_site.imports.forms import ColumnsForm, ReadingForm, UploadForm
from inventory_site.imports.models import Import
from inventory_site.imports.outcomes import Rows


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """Explain what files may hold and ask for one (GET); keep it to be looked at (POST)."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        data = form.cleaned_data
        place = data["default_location"]
        try:
            upload = uploads.receive(
                data["file"], kind=data["kind"], default_location=place, person=request.user
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("import-columns", upload.pk)
    latest = Import.objects.defer("report", "findings").select_related("person")[:10]
    context = {"form": form, "kinds": KINDS.values(), "latest": latest}
    return render(request, "imports/upload.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: Request, pk: UUID) -> HttpResponse:
    """Show how a file is read and ask what its columns are (GET); have it checked (POST)."""
    upload = get_object_or_404(Import.objects.defer("report"), pk=pk)
    if upload.is_waiting or upload.is_imported or not upload.pieces.exists():
        return redirect("import", pk)
    if "again" in request.POST:
        return _read_again(request, upload)
    peek = uploads.peek(upload)
    form = ColumnsForm(request.POST or None, upload=upload, peek=peek)
    if form.is_valid():
        try:
            uploads.choose(upload, form.chosen, peek.header)
        except UnreadableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect("import", pk)
    context = {"upload": upload, "reading": ReadingForm(upload=upload), "form": form, "peek": peek}
    return render(request, "imports/columns.html", context, status=422 if form.is_bound else 200)


def _read_again(request: Request, upload: Import) -> HttpResponse:
    """Take another kind, encoding or delimiter, and guess the columns anew."""
    form = ReadingForm(request.POST, upload=upload)
    if not form.is_valid():
        raise BadRequest("reading")
    for name, value in form.cleaned_data.items():
        setattr(upload, name, value)
    uploads.read_anew(upload)
    return redirect("import-columns", upload.pk)


@requires(Permission.MANAGE)
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: Request, pk: UUID) -> HttpResponse:
    """Show what becomes of every row, or how far one is (GET); import or check again (POST)."""
    upload = get_object_or_404(Import.objects.defer("report").select_related("progress"), pk=pk)
    if not upload.is_imported and not upload.pieces.exists():
        messages.warning(request, _("That file is no longer kept. Choose it again."))
        return redirect("imports")
    if request.method == "POST":
        return _asked(request, upload)
    if is_fragment(request):  # the page asks how far it is
        if not upload.is_waiting:
            return HttpResponseClientRefresh()
        return render(request, "imports/progress.html", {"upload": upload})
    if not upload.is_waiting and upload.findings is None:
        if upload.failure:
            messages.error(request, upload.failure)
        return redirect("import-columns", pk)
    kept = None if upload.is_waiting else upload.findings
    found = None if kept is None else Findings.restored(kept)
    context = {"upload": upload, "findings": found, "kind": KINDS[upload.kind]}
    return render(request, "imports/import.html", context)


def _asked(request: Request, upload: Import) -> HttpResponse:
    """Do what the button says."""
    rows = request.POST.get("rows", "")
    if rows == "check":
        uploads.check(upload)
    elif rows in set(Rows):
        uploads.commit(upload, rows=Rows(rows))
    else:
        raise BadRequest("rows")
    return redirect("import", upload.pk)


@requires(Permission.MANAGE)
@require_safe
def import_report(request: Request, pk: UUID) -> StreamingHttpResponse:
    """Download what becomes of every row, as CSV."""
    upload = get_object_or_404(Import.objects.only("report", "filename"), pk=pk)
    if not upload.report:
        raise Http404
    report = findings.unpacked(bytes(upload.report))
    return _csv(report, "report.csv")


@requires(Permission.MANAGE)
@require_safe
def export(request: Request, kind: str) -> StreamingHttpResponse:
    """Download products, locations, stock, movements or counts, to import them again."""
    if kind not in exports.EXPORTS:
        raise Http404
    return _csv((piece.encode() for piece in exports.export(kind)), f"{kind}.csv")


def _csv(pieces: object, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)  # type: ignore[arg-type]  # an iterable of bytes

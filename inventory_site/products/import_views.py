"""The pages that import a file of products: upload, look, import."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.products import uploads
from inventory_site.products.import_forms import UploadForm
from inventory_site.products.importer import ImportFailed, Rows
from inventory_site.products.models import ProductImport
from inventory_site.products.rows import UnreadableFile


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """Explain the file and ask for it (GET); keep it to be looked at (POST)."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.keep(
                file.read(),
                filename=file.name,
                default_location=form.cleaned_data["default_location"],
                person=request.user,
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("import", upload.pk)
    context = {"form": form}
    return render(request, "imports/upload.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_import(request: Request, pk: UUID) -> HttpResponse:
    """Show what becomes of every row (GET); import them (POST)."""
    upload = get_object_or_404(ProductImport.objects.defer("content", "report"), pk=pk)
    if upload.findings is None and not upload.content:
        messages.warning(request, _("That file is no longer kept. Choose it again."))
        return redirect("imports")
    if request.method == "POST":
        _commit(request, upload)
        return redirect("import", pk)
    findings = uploads.findings_of(upload, person=request.user)
    return render(request, "imports/import.html", {"upload": upload, "findings": findings})


def _commit(request: Request, upload: ProductImport) -> None:
    """Import, and leave a message that says what came of it."""
    if request.POST.get("rows") not in set(Rows):
        raise BadRequest("rows")
    try:
        done = uploads.commit(upload.pk, rows=Rows(request.POST["rows"]), person=request.user)
    except (ImportFailed, UnreadableFile) as error:
        messages.error(request, str(error))
        return
    n, refused = done.summary.created, done.summary.refused
    if done.summary.is_written:
        text = ngettext("%(n)s product imported.", "%(n)s products imported.", n) % {"n": n}
        messages.success(request, text)
    else:
        sentence = ngettext(
            "Nothing was imported: %(n)s row is refused.",
            "Nothing was imported: %(n)s rows are refused.",
            refused,
        )
        messages.error(request, sentence % {"n": refused})


@requires(Permission.MANAGE)
@require_safe
def import_report(request: Request, pk: UUID) -> StreamingHttpResponse:
    """Download what becomes of every row, as CSV."""
    upload = get_object_or_404(ProductImport, pk=pk)
    if not upload.content:
        raise Http404
    report = uploads.report_of(upload, person=request.user)
    headers = {"Content-Disposition": 'attachment; filename="report.csv"'}
    return StreamingHttpResponse(report, content_type="text/csv; charset=utf-8", headers=headers)

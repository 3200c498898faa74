"""Small files, imported."""

import io
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.imports import importer, layouts
from inventory_site.imports.file_kinds.base import Job
from inventory_site.imports.layouts import Layout
from inventory_site.imports.models import Import
from inventory_site.imports.outcomes import Outcome, Summary
from inventory_site.products.models import Location
from tests.inventory.conftest import person


def imported(
    *lines: str,
    kind: str = "products",
    import_id: UUID | None = None,
    default_location: Location | None = None,
    **options: Any,
) -> tuple[Summary, list[Outcome]]:
    """Import a file of these lines as the manager; return the summary and every outcome."""
    outcomes: list[Outcome] = []
    stream = io.BytesIO("\n".join(lines).encode())
    job = Job(
        actor=person(Role.MANAGER),
        import_id=import_id or uuid4(),
        filename="list.csv",
        place=default_location,
    )
    layout = layouts.complete(stream, Layout(kind=kind))
    summary = importer.run(stream, layout, job, on_outcome=outcomes.append, **options)
    counted = summary.created + summary.changed + summary.unchanged + summary.refused
    assert counted == summary.rows == len(outcomes)
    return summary, outcomes


def uploaded(client: Client, content: bytes, *, name: str = "list.csv", **fields: str) -> str:
    """Upload a file; return the address of the page that asks for its columns."""
    file = SimpleUploadedFile(name, content)
    answer = client.post("/imports/", {"file": file, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def chosen(client: Client, *lines: str, **fields: str) -> str:
    """Upload a file of these lines, taking its columns as they are guessed.

    Returns the address of the page that shows what it would do.
    """
    page = uploaded(client, "\n".join(lines).encode(), **fields)
    upload = Import.objects.latest("created_at")
    columns = {f"column-{name}": str(i) for name, i in upload.columns.items()}
    answer = client.post(page, columns)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]

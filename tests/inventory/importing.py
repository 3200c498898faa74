"""Small files, imported."""

import io
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.importer import Outcome, Summary, import_products
from tests.inventory.conftest import person


def imported(
    *lines: str, import_id: UUID | None = None, **options: Any
) -> tuple[Summary, list[Outcome]]:
    """Import a file of these lines as the manager; return the summary and every outcome."""
    outcomes: list[Outcome] = []
    summary = import_products(
        io.BytesIO("\n".join(lines).encode()),
        filename="list.csv",
        actor=person(Role.MANAGER),
        import_id=import_id or uuid4(),
        on_outcome=outcomes.append,
        **options,
    )
    assert summary.created + summary.unchanged + summary.refused == summary.rows == len(outcomes)
    return summary, outcomes


def chosen(client: Client, *lines: str, **fields: str) -> str:
    """Upload a file of these lines; return the address of the page that shows what it would do."""
    file = SimpleUploadedFile("list.csv", "\n".join(lines).encode())
    answer = client.post("/imports/", {"file": file, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]

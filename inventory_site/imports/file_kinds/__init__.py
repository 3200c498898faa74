"""The kinds of file that can be imported, by name."""

from inventory_site.imports.file_kinds.base import FileKind
from inventory_site.imports.file_kinds.counts import Counts
from inventory_site.imports.file_kinds.locations import Locations
from inventory_site.imports.file_kinds.movements import Movements
from inventory_site.imports.file_kinds.opening import Opening
from inventory_site.imports.file_kinds.products import Products

__all__ = ["KINDS", "FileKind"]

KINDS: dict[str, type[FileKind]] = {
    kind.name: kind for kind in (Products, Locations, Opening, Movements, Counts)
}

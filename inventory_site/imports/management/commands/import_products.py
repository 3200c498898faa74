"""`import_products`: products with their opening stock, from the terminal."""

from inventory_site.imports.management.commands import import_file


class Command(import_file.Command):
    """As `import_file`, for products."""

    help = (
        "Import products with their opening stock from a CSV or Excel file, whole or not at all. "
        "Products that are there already stay as they are."
    )
    kind = "products"

"""What can be stocked, and where: categories, manufacturers, products, locations."""

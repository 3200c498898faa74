"""The demo: four people, 44 locations and 3,769 real products."""

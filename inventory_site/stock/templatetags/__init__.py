"""What stock brings to templates."""

"""What one person gets on one page: the boot answer."""

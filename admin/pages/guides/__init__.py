"""The list of guides and the pages of one guide."""

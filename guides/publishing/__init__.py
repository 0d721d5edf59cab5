"""Draft, version, publication: written, checked, published, compiled."""

"""People and companies: identified, merged, their attributes."""

"""What came of a guide: figures and tables counted from events."""

"""What browsers report: recorded once, in groups, and counted."""

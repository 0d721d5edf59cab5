"""The command line: `handrail …`."""

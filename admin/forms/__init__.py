"""Bodies and rules seen as forms: drawn, read, compared."""

"""Background work: leases on job rows."""

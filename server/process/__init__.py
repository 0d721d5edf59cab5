"""What runs beside the requests: lifespan and worker."""

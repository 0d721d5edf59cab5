"""Projects and environments, and what is cached of them."""

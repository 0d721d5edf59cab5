"""The only doors to the outside: mail, later HTTP and uploads."""

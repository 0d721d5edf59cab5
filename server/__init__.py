"""The process: HTTP in, domain called, HTTP out."""

"""Middleware, limits, errors and files of the HTTP side."""

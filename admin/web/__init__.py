"""Responses, access, sessions, CSRF, static files."""

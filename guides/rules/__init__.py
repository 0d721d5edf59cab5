"""Conditions, their evaluation, and the candidates for a page."""

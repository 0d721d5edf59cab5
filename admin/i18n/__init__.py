"""Translated text, dates and numbers."""

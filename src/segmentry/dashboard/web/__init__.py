"""Addresses, errors, templates and figures on pages."""

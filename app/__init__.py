"""Sitrep: an open conflict-event database with a geospatial API."""

__version__ = "0.1.0"

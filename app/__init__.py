"""Sitrep: an open conflict-event database with a geospatial API."""

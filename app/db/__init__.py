"""Engine, tables, and the private PostGIS cluster."""

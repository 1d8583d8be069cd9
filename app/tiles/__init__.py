"""Tiles: the grid that they lie in, and what each holds. No web, no database."""

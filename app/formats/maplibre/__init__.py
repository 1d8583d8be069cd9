"""A style for MapLibre (maplibre.org/maplibre-style-spec): what the layers of our tiles look like, and the icons for it."""

"""Every SELECT. `filtering` holds the only WHERE on events."""

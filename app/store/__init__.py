"""Every INSERT and UPDATE. Nothing here commits."""

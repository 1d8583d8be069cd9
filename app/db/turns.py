"""By which numbers, locks and name writers and readers of the database meet."""

OPEN = 2**63 - 1
"""`until_version` of what still is so. A number and no null, so that one comparison serves what is and what was."""

LOCK = 0x73697472_77726974
"""The advisory lock of whoever writes events or regions. Any number that no other lock of ours has: "sitrwrit" in ASCII."""

COMMITTING = 0x73697472_636F6D6D
"""The advisory lock of a writer who knows the moment of its version and has not committed yet: "sitrcomm"."""

CHANNEL = "sitrep_version"
"""Where versions are announced when they are committed (LISTEN)."""

"""What a row looks like on the wire, one file a format."""

"""All events in memory, as columns of numbers: what tiles and counts are made of in milliseconds, whatever is asked."""

"""One file a source; `run` alone touches the database."""

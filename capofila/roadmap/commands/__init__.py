"""Commands of this room that work from files, without a database."""

"""From query text to a whole answer."""

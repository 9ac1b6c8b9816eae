"""From an address alone to a source that can be followed."""

"""Which links of a page are articles."""

"""From a page to its article: title, text, day, image."""

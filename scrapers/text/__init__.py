"""From bytes and markup to readable text: encodings, HTML trees, dates in words."""

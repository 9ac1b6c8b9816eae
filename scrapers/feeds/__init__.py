"""What lists its items itself: RSS, Atom, JSON feeds, news sitemaps, previews of Telegram channels."""

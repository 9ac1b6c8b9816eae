"""What lists its items itself: feeds, news sitemaps, previews of Telegram channels."""

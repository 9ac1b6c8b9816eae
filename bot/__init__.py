"""The bot: from the scrapers' items to the channel, its ledger and its operators."""

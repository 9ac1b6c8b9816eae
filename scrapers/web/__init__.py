"""Getting a page: one client, polite and guarded."""

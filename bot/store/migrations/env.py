"""Alembic's entry: runs the migrations in the transaction that it is handed."""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by writing it anew.
    render_as_batch=True,
)
context.run_migrations()

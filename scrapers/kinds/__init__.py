"""How each kind of source is read: a module each, with ``async def read(visit) -> Run``."""

"""Buttons below a message, and what the message tells once one was pressed."""

from __future__ import annotations

from tests.emulator import Emulator, Message, User


async def pressed(telegram: Emulator, operator: User, card: Message, caption: str) -> str:
    """Press a button, return what the card tells then."""
    before = card.text
    await operator.press(card, caption).answered()
    await telegram.world.pulse.until(lambda: card.text != before, "the card to tell what is so now")
    return card.text

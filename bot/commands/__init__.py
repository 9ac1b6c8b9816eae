"""What operators can do in chat."""

from bot.commands.alerts import Alerts
from bot.commands.answer import answer
from bot.commands.cards import Cards
from bot.commands.desk import Desk
from bot.commands.menus import Menus
from bot.commands.request import Reply, Request, Target
from bot.commands.wiring import add_handlers

__all__ = [
    "Alerts",
    "Cards",
    "Desk",
    "Menus",
    "Reply",
    "Request",
    "Target",
    "add_handlers",
    "answer",
]

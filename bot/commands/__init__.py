"""What operators can do in chat."""

from bot.commands.alerts import Alerts
from bot.commands.answer import answer
from bot.commands.cards import Cards
from bot.commands.desk import Desk
from bot.commands.request import Reply, Request, Target
from bot.commands.wiring import add_handlers, publish_menu

__all__ = [
    "Alerts",
    "Cards",
    "Desk",
    "Reply",
    "Request",
    "Target",
    "add_handlers",
    "answer",
    "publish_menu",
]

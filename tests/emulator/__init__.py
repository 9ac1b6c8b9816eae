"""A Bot API server on loopback that is as strict as Telegram, and breaks on demand.

async with Emulator() as telegram:
    channel = telegram.add_channel("@good_news")
    operator = telegram.add_user(7001, "Operator")
    telegram.inject("sendMessage", flood(3))
    ...                                       # start the bot at telegram.url, telegram.token
    post = await telegram.wait_for_post(channel)
    reply = await operator.ask("/bad 1", reply_to=post)
"""

from tests.emulator.faults import (
    Fault,
    Hold,
    bad_gateway,
    bad_request,
    conflict,
    drop_after,
    drop_before,
    flood,
    forbidden,
    not_found,
    refuse,
    server_error,
    truncate,
    unauthorized,
)
from tests.emulator.markup import Entity, MarkupError, parse_html, utf16_length
from tests.emulator.people import Query, User
from tests.emulator.server import Call, Emulator
from tests.emulator.world import Chat, Message, World

__all__ = [
    "Call",
    "Chat",
    "Emulator",
    "Entity",
    "Fault",
    "Hold",
    "MarkupError",
    "Message",
    "Query",
    "User",
    "World",
    "bad_gateway",
    "bad_request",
    "conflict",
    "drop_after",
    "drop_before",
    "flood",
    "forbidden",
    "not_found",
    "parse_html",
    "refuse",
    "server_error",
    "truncate",
    "unauthorized",
    "utf16_length",
]

"""Telegram: the bot's account, its updates, and channels in it."""

import os

# Durations of python-telegram-bot are timedeltas from its next major version on;
# this is its own way to ask for that now, read whenever it makes one.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.telegram.account import Account, Application, build_application
from bot.telegram.channel import TelegramChannel
from bot.telegram.checks import (
    Standing,
    chat_problem,
    chat_title,
    removal_problem,
    sign_in,
    sign_in_patiently,
    sign_out,
    standing,
    successor,
)
from bot.telegram.failures import translate
from bot.telegram.polling import answer_waiting, poll

__all__ = [
    "Account",
    "Application",
    "Standing",
    "TelegramChannel",
    "answer_waiting",
    "build_application",
    "chat_problem",
    "chat_title",
    "poll",
    "removal_problem",
    "sign_in",
    "sign_in_patiently",
    "sign_out",
    "standing",
    "successor",
    "translate",
]

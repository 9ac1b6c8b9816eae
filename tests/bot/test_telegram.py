from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from matplotlib.image import imread
from telegram import Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import CommandHandler

from bot.channel import Message
from bot.errors import ChannelClosed, NotSent, PostError, Refused, Uncertain
from bot.telegram import (
    Account,
    Application,
    TelegramChannel,
    build_application,
    chat_problem,
    poll,
    removal_problem,
    sign_in,
    sign_in_patiently,
    sign_out,
    translate,
)
from bot.telegram.blank import blank_picture
from bot.telegram.checks import NOT_FOUND
from config import ConfigError
from tests.emulator import (
    Emulator,
    Fault,
    User,
    bad_request,
    conflict,
    drop_before,
    flood,
    server_error,
    unauthorized,
)
from tests.emulator.photos import PNG

OTHER_TOKEN = "70010203:AAAnotherTokenThatNobodyHas_98765432"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


MEANINGS = [
    (RetryAfter(7), NotSent),
    (Conflict("terminated by other getUpdates request"), NotSent),
    (caused(NetworkError("x"), httpx.ConnectError("refused")), NotSent),
    (caused(TimedOut(), httpx.ConnectTimeout("slow")), NotSent),
    (caused(TimedOut("Pool timeout"), httpx.PoolTimeout("busy")), NotSent),
    (Forbidden("bot was kicked from the channel chat"), ChannelClosed),
    (InvalidToken("Unauthorized"), ChannelClosed),
    (ChatMigrated(-100123), ChannelClosed),
    (BadRequest("Chat not found"), ChannelClosed),
    (BadRequest("Not enough rights to send text messages to the chat"), ChannelClosed),
    (BadRequest("Need administrator rights in the channel chat"), ChannelClosed),
    (BadRequest("Message text is empty"), Refused),
    (BadRequest("Button_data_invalid"), Refused),
    (caused(NetworkError("x"), httpx.RemoteProtocolError("dropped")), Uncertain),
    (caused(NetworkError("x"), httpx.ReadError("reset")), Uncertain),
    (caused(TimedOut(), httpx.ReadTimeout("slow")), Uncertain),
    (NetworkError("Internal Server Error"), Uncertain),
    (TelegramError("Invalid server response"), Uncertain),
]


@pytest.mark.parametrize(
    ("error", "meaning"), MEANINGS, ids=[f"{type(e).__name__}-{e.message}" for e, _ in MEANINGS]
)
def test_an_error_says_whether_the_post_may_be_there(
    error: TelegramError, meaning: type[PostError]
) -> None:
    assert type(translate(error)) is meaning


def test_a_flood_answer_names_its_seconds() -> None:
    meaning = translate(RetryAfter(7))
    assert isinstance(meaning, NotSent)
    assert meaning.retry_after == 7.0


def test_a_rejected_token_is_not_repeated_in_the_reason() -> None:
    error = InvalidToken(f"The token `{OTHER_TOKEN}` was rejected by the server.")
    assert OTHER_TOKEN not in str(translate(error))
    assert OTHER_TOKEN not in repr(Account(OTHER_TOKEN))


# Signing in.


async def test_signing_in_tells_the_bots_name(telegram: Emulator) -> None:
    application = build_application(Account(telegram.token, f"{telegram.url}/"))
    assert await sign_in(application) == "@newsieve_test_bot"
    await sign_out(application)


@pytest.mark.parametrize("token", [OTHER_TOKEN, "123:short"])
async def test_a_wrong_token_is_one_clear_problem(telegram: Emulator, token: str) -> None:
    application = build_application(Account(token, telegram.url))
    with pytest.raises(ConfigError) as caught:
        await sign_in_patiently(application, asyncio.Event())
    await sign_out(application)
    assert caught.value.problems == ("telegram.token: Telegram does not accept it",)


async def test_signing_in_waits_for_a_server_that_is_away(telegram: Emulator) -> None:
    telegram.inject("getMe", server_error())
    application = build_application(Account(telegram.token, telegram.url))
    assert await sign_in_patiently(application, asyncio.Event()) == "@newsieve_test_bot"
    await sign_out(application)


async def test_waiting_for_a_server_ends_when_asked_to(telegram: Emulator) -> None:
    telegram.inject("getMe", drop_before(), times=None)
    application = build_application(Account(telegram.token, telegram.url))
    stop = asyncio.Event()
    waiting = asyncio.create_task(sign_in_patiently(application, stop))
    await telegram.wait_for_call("getMe")
    stop.set()
    assert await waiting is None
    await sign_out(application)


async def test_an_unreachable_server_is_told_when_nobody_waits(telegram: Emulator) -> None:
    application = build_application(Account(telegram.token, telegram.url))
    async with telegram.offline():
        with pytest.raises(NotSent):
            await sign_in(application)
    await sign_out(application)


async def test_telegram_is_reached_through_the_proxy_that_was_set(telegram: Emulator) -> None:
    # A plain HTTP proxy is asked for the whole address; the emulator does not know such a path.
    away = Account(telegram.token, "http://telegram.example", proxy=telegram.url)
    application = build_application(away)
    assert await sign_in(application) == "@newsieve_test_bot"
    await sign_out(application)


# What the bot may do in a chat.


async def test_a_channel_the_bot_administers_is_no_problem(
    telegram: Emulator, application: Application
) -> None:
    telegram.add_channel("@good_news")
    operator = telegram.add_user(7001, "Operator")
    assert await chat_problem(application.bot, "@good_news") is None
    assert await chat_problem(application.bot, str(operator.id)) is None


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ({"status": "member"}, "the bot is not an administrator of this channel"),
        ({"status": "left"}, "the bot is not an administrator of this channel"),
        ({"status": "kicked"}, "the bot is not an administrator of this channel"),
        ({"can_post": False}, "the bot may not post in this channel"),
    ],
)
async def test_a_channel_the_bot_cannot_post_in_is_told(
    telegram: Emulator, application: Application, rest: dict[str, Any], problem: str
) -> None:
    telegram.add_channel("@good_news", **rest)
    assert await chat_problem(application.bot, "@good_news") == problem


async def test_a_channel_the_bot_cannot_delete_in_is_told_apart(
    telegram: Emulator, application: Application
) -> None:
    telegram.add_channel("@good_news", can_delete=False)
    telegram.add_channel("@culture")
    told = "the bot may not delete posts in this channel: what you call bad would stay"
    assert await chat_problem(application.bot, "@good_news") is None
    assert await removal_problem(application.bot, "@good_news") == told
    assert await removal_problem(application.bot, "@culture") is None


async def test_a_group_the_bot_has_left_is_told(
    telegram: Emulator, application: Application
) -> None:
    group = telegram.add_group("office", status="kicked")
    told = await chat_problem(application.bot, str(group.id))
    assert told == "Forbidden: bot was kicked from the supergroup chat"


async def test_a_chat_that_is_not_there_is_told(application: Application) -> None:
    assert await chat_problem(application.bot, "@nowhere") == NOT_FOUND


# The channel.


PAGE = "https://gazeta.example/1"
REMOVED = "Новость снята редакцией."


async def test_a_post_shows_the_preview_of_its_own_page_large(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news")
    message = Message(f'<a href="{PAGE}">Мост</a>', PAGE)
    await TelegramChannel(application.bot, "@good_news").send(message)
    (post,) = chat.visible
    assert post.preview is not None
    assert (post.preview["url"], post.preview["prefer_large_media"]) == (PAGE, True)


async def test_a_preview_that_telegram_refuses_does_not_cost_the_post(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news")
    channel = TelegramChannel(application.bot, "@good_news")
    telegram.inject("sendMessage", bad_request("WEBPAGE_URL_INVALID"), times=None, when=_pictured)
    message_id = await channel.send(Message("Мост", PAGE))
    assert [post.id for post in chat.visible] == [message_id]


async def test_a_removed_post_is_shown_again_where_telegram_kept_it(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news", can_delete=False)
    channel = TelegramChannel(application.bot, "@good_news")
    message = Message('<a href="https://gazeta.example/1">Мост</a>', "https://gazeta.example/1")
    message_id = await channel.send(message)
    await channel.remove(message_id)
    assert [post.text for post in chat.visible] == ["Новость снята редакцией."]
    # Twice, as after an answer that got lost.
    assert await channel.rewrite(message_id, message)
    assert await channel.rewrite(message_id, message)
    assert [(post.text, post.links) for post in chat.visible] == [("Мост", [message.url])]


async def test_a_removed_post_with_a_picture_shows_a_blank_one_until_it_is_shown_again(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news", can_delete=False)
    channel = TelegramChannel(application.bot, "@good_news")
    caption = f'<a href="{PAGE}">Мост</a>'
    message = Message(f"{caption}\n\nДвижение пустили утром.", PAGE, caption=caption, photo=PNG)
    message_id = await channel.send(message)
    # Twice, as after an answer that got lost.
    await channel.remove(message_id)
    await channel.remove(message_id)
    (post,) = chat.visible
    assert (post.text, post.links, post.photo) == (REMOVED, [], blank_picture())
    shown = imread(BytesIO(blank_picture()))
    assert shown.min() == shown.max()
    assert await channel.rewrite(message_id, message)
    assert (post.text, post.links, post.photo) == ("Мост", [PAGE], PNG)
    # Without a picture, as when others are named, that of the post stays.
    assert await channel.rewrite(message_id, replace(message, photo=None))
    assert (post.text, post.links, post.photo) == ("Мост", [PAGE], PNG)


async def test_a_picture_that_telegram_does_not_let_be_covered_is_told(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news", can_delete=False)
    channel = TelegramChannel(application.bot, "@good_news")
    caption = f'<a href="{PAGE}">Мост</a>'
    message_id = await channel.send(Message(caption, PAGE, caption=caption, photo=PNG))
    chat.takes_photos = False
    for _ in range(2):
        with pytest.raises(Refused, match=r"its picture stays: Not enough rights to send photos"):
            await channel.remove(message_id)
    (post,) = chat.visible
    assert (post.text, post.photo) == (REMOVED, PNG)


@pytest.mark.parametrize("fault", [None, bad_request("MESSAGE_ID_INVALID")])
async def test_a_deleted_post_cannot_be_shown_again(
    telegram: Emulator, application: Application, fault: Fault | None
) -> None:
    telegram.add_channel("@good_news")
    channel = TelegramChannel(application.bot, "@good_news")
    message_id = await channel.send(Message("Мост", ""))
    await channel.remove(message_id)
    if fault is not None:
        telegram.inject("editMessageText", fault)
    assert not await channel.rewrite(message_id, Message("Мост", ""))


async def test_a_preview_that_telegram_refuses_does_not_keep_a_post_away(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news", can_delete=False)
    channel = TelegramChannel(application.bot, "@good_news")
    message_id = await channel.send(Message("Мост", ""))
    await channel.remove(message_id)
    refusal = bad_request("WEBPAGE_URL_INVALID")
    telegram.inject("editMessageText", refusal, times=None, when=_pictured)
    assert await channel.rewrite(message_id, Message("Мост", PAGE))
    assert [post.text for post in chat.visible] == ["Мост"]


def _pictured(call: Mapping[str, Any]) -> bool:
    return "prefer_large_media" in str(call.get("link_preview_options"))


async def test_a_private_channel_is_named_by_its_number(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel()
    await TelegramChannel(application.bot, str(chat.id)).send(Message("Мост", ""))
    assert [post.text for post in chat.visible] == ["Мост"]


# Updates.


class Echo:
    """A handler that answers /say and remembers what it was asked."""

    def __init__(self, application: Application) -> None:
        self.asked: list[str] = []
        self.trouble: Exception | None = None
        application.add_handler(CommandHandler("say", self))

    async def __call__(self, update: Update, _context: Any) -> None:
        assert update.message is not None
        self.asked.append(update.message.text or "")
        if self.trouble is not None:
            raise self.trouble
        await update.message.reply_text(f"heard: {update.message.text}")


@pytest.fixture
def echo(application: Application) -> Echo:
    return Echo(application)


@pytest.fixture
def user(telegram: Emulator) -> User:
    return telegram.add_user(7001, "Operator")


@asynccontextmanager
async def polling(application: Application) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(poll(application, stop))
    yield stop
    stop.set()
    await task


async def test_commands_are_answered_in_their_order(
    telegram: Emulator, application: Application, echo: Echo, user: User
) -> None:
    for n in (1, 2, 3):
        user.say(f"/say {n}")
    async with polling(application):
        await telegram.wait_for_message(user.chat, containing="/say 3")
        await telegram.wait_until_confirmed()
    assert echo.asked == ["/say 1", "/say 2", "/say 3"]


async def test_an_update_is_confirmed_only_after_it_was_dealt_with(
    telegram: Emulator, application: Application, echo: Echo, user: User
) -> None:
    echo.trouble = LookupError("a mistake of ours")
    user.say("/say 1")
    with pytest.raises(LookupError, match="a mistake of ours"):
        await poll(application, asyncio.Event())
    assert len(telegram.world.updates) == 1
    echo.trouble = None
    async with polling(application):
        await telegram.wait_for_message(user.chat, containing="heard: /say 1")
        await telegram.wait_until_confirmed()


async def test_an_answer_that_was_held_off_is_given_later(
    telegram: Emulator, application: Application, echo: Echo, user: User
) -> None:
    telegram.inject("sendMessage", flood(1))
    user.say("/say 1")
    async with polling(application):
        await telegram.wait_for_message(user.chat, containing="heard: /say 1")
    assert len(echo.asked) == 2


async def test_an_operator_who_blocked_the_bot_holds_nobody_up(
    telegram: Emulator, application: Application, echo: Echo, user: User
) -> None:
    gone = telegram.add_user(7002, "Gone", status="blocked")
    gone.say("/say 1")
    async with polling(application):
        assert "/say 2" in (await user.ask("/say 2")).text
    assert len(echo.asked) == 2


@pytest.mark.parametrize("fault", [conflict(), server_error(), drop_before(), flood(1)])
async def test_polling_goes_on_after_trouble(
    telegram: Emulator, application: Application, echo: Echo, user: User, fault: Any
) -> None:
    telegram.inject("getUpdates", fault)
    async with polling(application):
        assert "/say 1" in (await user.ask("/say 1")).text


async def test_another_process_with_the_same_token_is_told_of_in_one_line_and_once(
    telegram: Emulator,
    application: Application,
    echo: Echo,
    user: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.inject("getUpdates", conflict(), times=2)
    async with polling(application):
        assert "/say 1" in (await user.ask("/say 1")).text
    (told,) = [record for record in caplog.records if vars(record).get("action") == "token_shared"]
    assert told.levelname == "ERROR"
    assert "telegram.token" in told.getMessage()
    assert "\n" not in told.getMessage()


async def test_a_token_revoked_meanwhile_ends_polling_with_one_clear_problem(
    telegram: Emulator, application: Application
) -> None:
    telegram.inject("getUpdates", unauthorized())
    with pytest.raises(ConfigError, match=r"telegram\.token"):
        await poll(application, asyncio.Event())


async def test_polling_ends_at_once_while_it_waits_for_updates(
    telegram: Emulator, application: Application
) -> None:
    async with polling(application):
        await telegram.wait_for_poll()


async def test_what_was_not_dealt_with_before_the_stop_comes_again(
    telegram: Emulator, application: Application, user: User
) -> None:
    stop = asyncio.Event()

    async def stop_now(_update: Update, _context: Any) -> None:
        stop.set()

    application.add_handler(CommandHandler("say", stop_now))
    user.say("/say 1")
    user.say("/say 2")
    await poll(application, stop)
    (left,) = telegram.world.updates
    assert left["message"]["text"] == "/say 2"

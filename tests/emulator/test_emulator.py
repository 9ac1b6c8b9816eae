"""The emulator, seen through python-telegram-bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageOriginChannel,
    Update,
)
from telegram.constants import ParseMode
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
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
)
from telegram.request import HTTPXRequest

from tests.emulator import (
    Chat,
    Emulator,
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
    server_error,
    truncate,
    unauthorized,
)

HTML = ParseMode.HTML


def _request() -> HTTPXRequest:
    return HTTPXRequest(read_timeout=20, httpx_kwargs={"trust_env": False, "verify": False})


@asynccontextmanager
async def connected(telegram: Emulator) -> AsyncIterator[Bot]:
    """A bot that talks to the emulator."""
    async with Bot(
        telegram.token,
        base_url=f"{telegram.url}/bot",
        request=_request(),
        get_updates_request=_request(),
    ) as bot:
        yield bot


@pytest.fixture(autouse=True)
def seconds_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else RetryAfter warns about its own future


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


@pytest_asyncio.fixture
async def bot(telegram: Emulator) -> AsyncIterator[Bot]:
    async with connected(telegram) as connected_bot:
        yield connected_bot


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel("@good_news")


async def test_a_post_is_seen_with_its_links(telegram: Emulator, bot: Bot, channel: Chat) -> None:
    sent = await bot.send_message(
        "@good_news", '<b>Мост</b> <a href="https://town.example">здесь</a>', parse_mode=HTML
    )

    post = await telegram.wait_for_post(channel)
    assert (post.id, post.text) == (sent.message_id, "Мост здесь")
    assert post.links == ["https://town.example/"]
    assert sent.sender_chat is not None
    assert sent.sender_chat.id == channel.id


async def test_refused_markup_is_not_posted(bot: Bot, channel: Chat) -> None:
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
        await bot.send_message(channel.id, "<p>абзац</p>", parse_mode=HTML)

    assert channel.visible == []


async def test_a_text_may_have_4096_units_after_parsing(bot: Bot, channel: Chat) -> None:
    await bot.send_message(channel.id, f"<b>{'🌷' * 2048}</b>", parse_mode=HTML)

    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(channel.id, "🌷" * 2048 + "!")
    with pytest.raises(BadRequest, match=r"(?i)message text is empty"):
        await bot.send_message(channel.id, "<b> </b>", parse_mode=HTML)


async def test_an_edit_must_change_something(bot: Bot, channel: Chat) -> None:
    sent = await bot.send_message(channel.id, "было")

    await bot.edit_message_text("стало", chat_id=channel.id, message_id=sent.message_id)

    assert channel.messages[sent.message_id].text == "стало"
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("стало", chat_id=channel.id, message_id=sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("стало", chat_id=channel.id, message_id=99)


async def test_a_deleted_message_is_gone(telegram: Emulator, bot: Bot, channel: Chat) -> None:
    sent = await bot.send_message(channel.id, "лишнее")

    await bot.delete_message(channel.id, sent.message_id)

    await telegram.wait_until_deleted(channel.messages[sent.message_id])
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(channel.id, sent.message_id)


async def test_a_channel_may_refuse_deletion(telegram: Emulator, bot: Bot) -> None:
    channel = telegram.add_channel("@strict", can_delete=False)
    sent = await bot.send_message(channel.id, "остаётся")

    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(channel.id, sent.message_id)


async def test_a_forwarded_copy_names_the_original(
    telegram: Emulator, bot: Bot, channel: Chat
) -> None:
    scratch = telegram.add_channel(title="Черновик")
    sent = await bot.send_message(channel.id, "https://town.example/1")

    copy = await bot.forward_message(scratch.id, channel.id, sent.message_id)

    assert isinstance(copy.forward_origin, MessageOriginChannel)
    assert copy.forward_origin.message_id == sent.message_id
    assert copy.text == "https://town.example/1"
    with pytest.raises(BadRequest, match=r"(?i)message to forward not found"):
        await bot.forward_message(scratch.id, channel.id, sent.message_id + 1)


async def test_protected_content_is_not_forwarded(telegram: Emulator, bot: Bot) -> None:
    channel = telegram.add_channel("@closed", protected=True)
    sent = await bot.send_message(channel.id, "только здесь")

    assert (await bot.get_chat("@closed")).has_protected_content
    with pytest.raises(BadRequest, match=r"(?i)can't be forwarded"):
        await bot.forward_message(telegram.add_group().id, channel.id, sent.message_id)


async def test_the_bot_learns_its_rights(bot: Bot, channel: Chat) -> None:
    me = await bot.get_chat_member("@good_news", bot.id)
    assert isinstance(me, ChatMemberAdministrator)
    assert me.can_post_messages

    channel.can_post = False
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights in the channel chat"):
        await bot.send_message(channel.id, "новость")


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_an_outsider_may_not_post(telegram: Emulator, bot: Bot, status: str) -> None:
    channel = telegram.add_channel("@elsewhere", status=status)

    with pytest.raises(Forbidden):
        await bot.send_message(channel.id, "новость")


async def test_unknown_and_migrated_chats_are_refused(telegram: Emulator, bot: Bot) -> None:
    group = telegram.add_group(migrated_to=-100555)

    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message("@nowhere", "новость")
    with pytest.raises(ChatMigrated):
        await bot.send_message(group.id, "новость")


async def test_button_data_is_limited_in_bytes(telegram: Emulator, bot: Bot, channel: Chat) -> None:
    def keyboard(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Да", callback_data=data)]])

    sent = await bot.send_message(channel.id, "?", reply_markup=keyboard("я" * 32))
    assert channel.messages[sent.message_id].buttons == {"Да": "я" * 32}
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(channel.id, "?", reply_markup=keyboard("я" * 32 + "!"))


async def test_updates_are_kept_until_confirmed(telegram: Emulator, bot: Bot) -> None:
    telegram.add_user(1, "Оператор").say("/status")

    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    after = await bot.get_updates(offset=first[0].update_id + 1, timeout=0)

    assert [update.update_id for update in first] == [update.update_id for update in again]
    assert after == ()
    telegram.redeliver(first[0].update_id)
    assert await bot.get_updates(timeout=0) == first


async def test_a_poll_waits_for_an_update(telegram: Emulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await telegram.wait_for_poll()
    assert not poll.done()

    telegram.add_user(1, "Оператор").say("/status")

    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "/status"


async def test_a_second_poll_ends_the_first(telegram: Emulator, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await telegram.wait_for_poll()

    async with connected(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=10))
        with pytest.raises(Conflict):
            await first
        telegram.add_user(1, "Оператор").say("/status")
        assert len(await second) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (unauthorized(), InvalidToken),
        (not_found(), InvalidToken),
        (forbidden(), Forbidden),
        (conflict(), Conflict),
        (flood(7), RetryAfter),
        (bad_request("message text is empty"), BadRequest),
        (server_error(), NetworkError),
        (bad_gateway(), NetworkError),
        (drop_before(), NetworkError),
    ],
)
async def test_a_fault_without_work_posts_nothing(
    telegram: Emulator, bot: Bot, channel: Chat, fault: Fault, error: type[TelegramError]
) -> None:
    telegram.inject("sendMessage", fault)

    with pytest.raises(error):
        await bot.send_message(channel.id, "новость")

    assert channel.visible == []
    await bot.send_message(channel.id, "новость")
    assert len(channel.visible) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (server_error(done=True), NetworkError),
        (bad_gateway(done=True), NetworkError),
        (drop_after(), NetworkError),
        (truncate(), TelegramError),
    ],
)
async def test_a_fault_after_the_work_leaves_a_post(
    telegram: Emulator, bot: Bot, channel: Chat, fault: Fault, error: type[TelegramError]
) -> None:
    telegram.inject("sendMessage", fault)

    with pytest.raises(error):
        await bot.send_message(channel.id, "новость")

    assert [post.text for post in channel.visible] == ["новость"]


async def test_a_slow_answer_hides_a_post(telegram: Emulator, bot: Bot, channel: Chat) -> None:
    hold = Hold()
    telegram.inject("sendMessage", hold)

    with pytest.raises(TimedOut):
        await bot.send_message(channel.id, "новость", read_timeout=0.2)

    await hold.reached.wait()
    assert len(channel.visible) == 1


async def test_a_late_commit_posts_after_the_client_gave_up(
    telegram: Emulator, bot: Bot, channel: Chat
) -> None:
    hold = Hold(after=False)
    telegram.inject("sendMessage", hold)

    with pytest.raises(TimedOut):
        await bot.send_message(channel.id, "новость", read_timeout=0.2)
    assert channel.visible == []
    hold.release()
    await hold.finished.wait()

    assert len(channel.visible) == 1


async def test_a_server_that_is_away_refuses_connections(
    telegram: Emulator, bot: Bot, channel: Chat
) -> None:
    async with telegram.offline():
        with pytest.raises(NetworkError):
            await bot.send_message(channel.id, "новость")

    await bot.send_message(channel.id, "новость")
    assert len(channel.visible) == 1


async def test_another_token_is_no_token(telegram: Emulator) -> None:
    for token in ("70010203:AAAnotherTokenOnLoopback_0123456789", "70010203:short"):
        stranger = Bot(token, base_url=f"{telegram.url}/bot", request=_request())
        with pytest.raises(InvalidToken):
            await stranger.initialize()
        await stranger.shutdown()


async def test_posts_appear_in_the_discussion_group(telegram: Emulator, bot: Bot) -> None:
    group = telegram.add_group("Обсуждение")
    channel = telegram.add_channel("@discussed", linked=group)

    sent = await bot.send_message(channel.id, "новость")

    (update,) = await bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.is_automatic_forward
    assert isinstance(update.message.forward_origin, MessageOriginChannel)
    assert update.message.forward_origin.message_id == sent.message_id


async def test_an_operator_replies_forwards_and_quotes(
    telegram: Emulator, bot: Bot, channel: Chat
) -> None:
    operator = telegram.add_user(1, "Оператор")
    await bot.send_message(channel.id, "новость")
    await bot.send_message(operator.id, "карточка")
    post, card = channel.visible[0], operator.chat.visible[0]

    operator.say("/bad", reply_to=card)
    operator.say("/bad", reply_to=post)
    operator.forward(post)

    replied, quoted, forwarded = (update.message for update in await bot.get_updates(timeout=0))
    assert replied is not None and replied.reply_to_message is not None
    assert replied.reply_to_message.message_id == card.id
    assert quoted is not None and quoted.external_reply is not None
    assert quoted.external_reply.message_id == post.id
    assert forwarded is not None
    assert isinstance(forwarded.forward_origin, MessageOriginChannel)
    assert forwarded.forward_origin.chat.id == channel.id


@asynccontextmanager
async def running(application: Application) -> AsyncIterator[None]:  # type: ignore[type-arg]
    """An application that polls."""
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()


async def test_a_whole_application_answers_commands_and_buttons(telegram: Emulator) -> None:
    async def show(update: Update, _context: CallbackContext) -> None:  # type: ignore[type-arg]
        assert update.message is not None
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Хорошо", callback_data="good:1")]])
        await update.message.reply_text("карточка", reply_markup=keyboard)

    async def press(update: Update, _context: CallbackContext) -> None:  # type: ignore[type-arg]
        assert update.callback_query is not None
        await update.callback_query.answer("принято")

    application = (
        ApplicationBuilder()
        .token(telegram.token)
        .base_url(f"{telegram.url}/bot")
        .request(_request())
        .get_updates_request(_request())
        .build()
    )
    application.add_handler(CommandHandler("show", show))
    application.add_handler(CallbackQueryHandler(press))
    operator = telegram.add_user(1, "Оператор")

    async with running(application):
        card = await operator.ask("/show")
        assert await operator.press(card, "Хорошо").answered() == "принято"
        await telegram.wait_until_confirmed()

    assert len(telegram.world.confirmed) == 2


async def test_a_call_outside_the_emulated_part_is_not_found(bot: Bot) -> None:
    with pytest.raises(TelegramError):
        await bot.do_api_request("sendRumour", api_kwargs={"chat_id": 1})

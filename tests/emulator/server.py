"""The Bot API over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.emulator.faults import Fault, error_response
from tests.emulator.markup import parse_plain
from tests.emulator.methods import METHODS, structured
from tests.emulator.people import User
from tests.emulator.world import ApiError, Chat, Json, Message, World

TOKEN = "70010203:AAEmulatedTokenOnLoopback_0123456789"
LAG = float(os.environ.get("EMULATOR_LAG", "0"))
"""Seconds for which what a call did is seen by everybody before the bot has its answer.

Tests must hold with any: one that fails with ``EMULATOR_LAG=0.3`` only is in a race.
"""

_TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


@dataclass(frozen=True)
class Call:
    """One call as it arrived; ``at`` counts seconds of a monotonic clock."""

    method: str
    parameters: Mapping[str, Any]
    at: float = field(default_factory=time.monotonic)


@dataclass
class _Injected:
    method: str
    fault: Fault
    times: int | None
    when: Callable[[Mapping[str, Any]], bool]


class Emulator:
    """A Bot API server with one bot; an async context manager.

    Attributes:
        token: of the bot; another well-formed one gets 401, a malformed one 404.
        calls: everything the bot asked, oldest first.
        world: what Telegram remembers.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.world = World(_describe_bot(token))
        self._faults: deque[_Injected] = deque()
        self._polls = 0
        self._closing = False
        self._runner: web.AppRunner | None = None
        # Bound as long as the emulator lives, so that nobody gets the port while it is offline.
        self._place = socket.socket()
        self._port = 0

    async def __aenter__(self) -> Emulator:
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._place.bind(("127.0.0.1", 0))
        self._port = self._place.getsockname()[1]
        await self._start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stop()
        self._place.close()

    @property
    def url(self) -> str:
        """Root of the server, for ``telegram.base_url``."""
        return f"http://127.0.0.1:{self._port}"

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        """Refuse connections inside this context."""
        await self._stop()
        try:
            yield
        finally:
            await self._start()

    # What the world looks like.

    def add_channel(self, name: str = "", title: str = "Хорошие новости", **rest: Any) -> Chat:
        """Add a channel the bot administers: ``@name``, or a private one without."""
        return self._add_chat("channel", title, name.removeprefix("@") or None, **rest)

    def add_group(self, title: str = "Редакция", **rest: Any) -> Chat:
        """Add a supergroup the bot administers."""
        return self._add_chat("supergroup", title, None, **rest)

    def add_user(
        self, user_id: int, name: str, *, status: str = "member", language: str | None = "en"
    ) -> User:
        """Add a person who has pressed Start (or ``new``, or ``blocked``)."""
        chat = Chat(user_id, "private", name, status=status)
        self.world.chats[user_id] = chat
        return User(self, chat, language)

    def post_as_admin(self, channel: Chat, text: str) -> Message:
        """Let another administrator write into the channel."""
        plain, entities = parse_plain(text)
        post = self.world.next_message(channel, plain, entities, channel.as_json())
        self.world.add(post)
        self.world.push("channel_post", post.as_json())
        return post

    def menu(self, chat: Chat, language: str = "") -> dict[str, str]:
        """Return the commands that a person with this language is offered in ``chat``."""
        for key in ((chat.id, language), (chat.id, ""), (None, language), (None, "")):
            if key in self.world.menus:
                return self.world.menus[key]
        return {}

    def delete_by_hand(self, message: Message) -> None:
        """Let another administrator delete a message; the bot is not told."""
        message.deleted = True
        self.world.pulse.beat()

    def redeliver(self, update_id: int) -> None:
        """Deliver a confirmed update once more."""
        update = next(one for one in self.world.confirmed if one["update_id"] == update_id)
        self.world.updates.insert(0, update)
        self.world.pulse.beat()

    # What goes wrong.

    def inject(
        self,
        method: str,
        fault: Fault,
        *,
        times: int | None = 1,
        when: Callable[[Mapping[str, Any]], bool] = lambda _parameters: True,
    ) -> None:
        """Let the next ``times`` calls of ``method`` run into ``fault``.

        ``*`` stands for any method, no ``times`` for every call. ``when`` narrows that to calls
        with certain parameters. Faults of one method are met in the order of their injection.
        """
        self._faults.append(_Injected(method.lower(), fault, times, when))

    def heal(self) -> None:
        """Forget every injected fault."""
        self._faults.clear()

    @property
    def faults_left(self) -> int:
        """How many calls are still to run into a fault; where it is every call, that is one."""
        return sum(injected.times or 1 for injected in self._faults)

    # What can be waited for.

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of ``method`` so far, whatever became of them."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def wait_for_call(self, method: str, *, count: int = 1) -> Call:
        """Return the call of ``method`` number ``count``, once it has arrived."""
        calls = await self.world.pulse.until(
            lambda: self.calls_of(method)[count - 1 : count], f"call {count} of {method}"
        )
        return calls[0]

    async def wait_for_post(self, channel: Chat, *, count: int = 1) -> Message:
        """Return the visible post of the bot number ``count`` in the channel."""
        posts = await self.world.pulse.until(
            lambda: channel.from_bot[count - 1 : count], f"post {count} in {channel.title!r}"
        )
        return posts[0]

    async def wait_for_message(
        self, chat: Chat, *, after: int = 0, containing: str = ""
    ) -> Message:
        """Return the bot's first message in ``chat`` with a higher id that contains a text."""

        def look() -> Message | None:
            found = (one for one in chat.from_bot if one.id > after and containing in one.text)
            return next(found, None)

        return await self.world.pulse.until(look, f"a message {containing!r} in {chat.title!r}")

    async def wait_until_deleted(self, message: Message) -> None:
        """Return when nobody sees the message any more."""
        await self.world.pulse.until(lambda: message.deleted, f"message {message.id} to be deleted")

    async def wait_until_edited(self, message: Message) -> None:
        """Return when the message has been edited."""
        await self.world.pulse.until(lambda: message.edit_date, f"an edit of message {message.id}")

    async def wait_until_confirmed(self) -> None:
        """Return when the bot has fetched and confirmed every update."""
        await self.world.pulse.until(lambda: not self.world.updates, "all updates to be confirmed")

    async def wait_for_poll(self) -> None:
        """Return when the bot listens for updates."""
        await self.wait_for_call("getUpdates")

    # How it is done.

    async def _start(self) -> None:
        self._closing = False
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", self._port, reuse_address=True, reuse_port=True
        )
        await site.start()

    async def _stop(self) -> None:
        self._closing = True
        self.world.pulse.beat()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            known_form = _TOKEN_FORM.fullmatch(request.match_info["token"])
            return error_response(401, "Unauthorized") if known_form else _nothing_here()
        call = Call(request.match_info["method"], await _parameters(request))
        self.calls.append(call)
        self.world.pulse.beat()
        fault = self._next_fault(call)
        response = await (fault(request, lambda: self._work(call)) if fault else self._work(call))
        if LAG and call.method.lower() != "getupdates":
            await asyncio.sleep(LAG)
        return response

    def _next_fault(self, call: Call) -> Fault | None:
        for injected in self._faults:
            if injected.method not in ("*", call.method.lower()) or not injected.when(
                call.parameters
            ):
                continue
            if injected.times is not None:
                injected.times -= 1
                if not injected.times:
                    self._faults.remove(injected)
            return injected.fault
        return None

    async def _work(self, call: Call) -> web.Response:
        name = call.method.lower()
        try:
            if name == "getupdates":
                result: Any = await self._get_updates(call.parameters)
            elif name in METHODS:
                result = METHODS[name](self.world, call.parameters)
            else:
                return _nothing_here()
        except ApiError as error:
            return error_response(error.status, error.description, **error.parameters)
        return web.json_response({"ok": True, "result": result})

    async def _get_updates(self, parameters: Mapping[str, Any]) -> list[Json]:
        """Answer at once if updates wait, else when one comes or the client's time is over."""
        self.world.confirm(int(str(parameters.get("offset") or 0)))
        self._polls += 1
        poll = self._polls
        limit = int(str(parameters.get("limit") or 100))
        kinds = structured(parameters, "allowed_updates")
        self.world.pulse.beat()

        async def wait() -> list[Json]:
            while not (found := self.world.waiting(limit, kinds)) and not self._closing:
                if poll != self._polls:
                    raise ApiError(
                        409,
                        "Conflict: terminated by other getUpdates request; "
                        "make sure that only one bot instance is running",
                    )
                await self.world.pulse.next()
            return found

        try:
            return await asyncio.wait_for(wait(), float(str(parameters.get("timeout") or 0)))
        except asyncio.TimeoutError:
            return self.world.waiting(limit, kinds)

    def _add_chat(self, kind: str, title: str, username: str | None, **rest: Any) -> Chat:
        chat = Chat(-1001000000001 - len(self.world.chats), kind, title, username, **rest)
        self.world.chats[chat.id] = chat
        return chat


def _nothing_here() -> web.Response:
    return error_response(404, "Not Found")


def _describe_bot(token: str) -> Json:
    return {
        "id": int(token.partition(":")[0]),
        "is_bot": True,
        "first_name": "newsieve",
        "username": "newsieve_test_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Return the parameters from the address and from a form or JSON body; files are bytes."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        found.update(await request.json())
    else:
        found.update({name: _told(value) for name, value in (await request.post()).items()})
    return found


def _told(value: str | bytes | bytearray | web.FileField) -> str | bytes | bytearray:
    if not isinstance(value, web.FileField):
        return value
    # Not left to the end of the request, which never comes if the bot is killed before.
    with value.file as file:
        return file.read()

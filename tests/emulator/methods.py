"""The Bot API methods, each a function of the world and the call's parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.emulator.markup import Entity, MarkupError, parse_html, parse_plain, utf16_length
from tests.emulator.photos import CAPTION_LIMIT, PhotoError, accepted
from tests.emulator.world import ApiError, Chat, Json, Message, World, origin_of

Parameters = Mapping[str, Any]
Method = Callable[[World, Parameters], Any]

TEXT_LIMIT = 4096
ENTITY_LIMIT = 100
CALLBACK_DATA_LIMIT = 64
CALLBACK_ANSWER_LIMIT = 200
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


def structured(call: Parameters, name: str) -> Any:
    """Return a parameter that forms carry as JSON and JSON bodies as it is."""
    value = call.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise _bad(f"can't parse {name} JSON object") from None


def flag(call: Parameters, name: str) -> bool:
    """Return a yes-or-no parameter; left out means no."""
    return str(call.get(name, "")).lower() in ("true", "1")


def get_me(world: World, _call: Parameters) -> Json:
    """Describe the bot."""
    return world.bot


def send_message(world: World, call: Parameters) -> Json:
    """Post a text."""
    chat = _writable(world, call)
    text, entities = _read_text(call)
    message = world.next_message(
        chat,
        text,
        entities,
        _author(world, chat),
        markup=str(call.get("text", "")),
        by_bot=True,
        keyboard=_keyboard(call),
        preview=structured(call, "link_preview_options"),
        silent=flag(call, "disable_notification"),
        extra=_reply(chat, call),
    )
    return world.add(message).as_json()


def send_photo(world: World, call: Parameters) -> Json:
    """Post a picture with a caption."""
    chat = _writable(world, call)
    if not chat.takes_photos:
        raise _bad("not enough rights to send photos to the chat")
    caption = {**call, "text": call.get("caption", "")}
    text, entities = _read_text(caption, limit=CAPTION_LIMIT) if caption["text"] else ("", [])
    message = world.next_message(
        chat,
        text,
        entities,
        _author(world, chat),
        markup=str(caption["text"]),
        by_bot=True,
        keyboard=_keyboard(call),
        silent=flag(call, "disable_notification"),
        extra=_reply(chat, call),
        photo=_read_photo(call),
    )
    return world.add(message).as_json()


def edit_message_text(world: World, call: Parameters) -> Json:
    """Replace a message's text."""
    message = _editable(world, call)
    if message.photo is not None:
        raise _bad("there is no text in the message to edit")
    text, entities = _read_text(call)
    keyboard = _keyboard(call)
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise _not_modified()
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.markup = str(call.get("text", ""))
    return _edited(world, message)


def edit_message_caption(world: World, call: Parameters) -> Json:
    """Replace the text below a picture."""
    message = _editable(world, call)
    if message.photo is None:
        raise _bad("there is no caption in the message to edit")
    caption = {**call, "text": call.get("caption", "")}
    text, entities = _read_text(caption, limit=CAPTION_LIMIT)
    if (text, entities) == (message.text, message.entities):
        raise _not_modified()
    message.text, message.entities, message.markup = text, entities, str(caption["text"])
    return _edited(world, message)


def edit_message_media(world: World, call: Parameters) -> Json:
    """Replace a picture and the text below it."""
    message = _editable(world, call)
    chat = _reachable(world, call)
    if message.photo is None:
        raise _bad("there is no media in the message to edit")
    if not chat.takes_photos:
        raise _bad("not enough rights to send photos to the chat")
    media = structured(call, "media")
    if media["type"] != "photo":
        raise _bad("can't parse InputMedia: unsupported here")
    told = {"text": media.get("caption", ""), "parse_mode": media.get("parse_mode")}
    text, entities = _read_text(told, limit=CAPTION_LIMIT) if told["text"] else ("", [])
    photo = _read_photo({"photo": call.get(str(media["media"]).removeprefix("attach://"))})
    if (photo, text, entities) == (message.photo, message.text, message.entities):
        raise _not_modified()
    message.photo, message.markup = photo, str(told["text"])
    message.text, message.entities = text, entities
    return _edited(world, message)


def edit_message_reply_markup(world: World, call: Parameters) -> Json:
    """Replace a message's buttons."""
    message = _editable(world, call)
    keyboard = _keyboard(call)
    if keyboard == message.keyboard:
        raise _not_modified()
    message.keyboard = keyboard
    return _edited(world, message)


def delete_message(world: World, call: Parameters) -> bool:
    """Delete a message."""
    chat = _reachable(world, call)
    message = world.find(chat, call.get("message_id"), "delete")
    if chat.type != "private" and not chat.can_delete:
        raise _bad("message can't be deleted")
    message.deleted = True
    world.pulse.beat()
    return True


def forward_message(world: World, call: Parameters) -> Json:
    """Put a copy that names its origin into another chat."""
    target = _writable(world, call)
    chat = _reachable(world, {"chat_id": call.get("from_chat_id")})
    message = world.find(chat, call.get("message_id"), "forward")
    if chat.protected:
        raise _bad("message can't be forwarded")
    copy = world.next_message(
        target,
        message.text,
        message.entities,
        _author(world, target),
        by_bot=True,
        preview=message.preview,
        silent=flag(call, "disable_notification"),
        extra={"forward_origin": origin_of(message)},
        photo=message.photo,
    )
    return world.add(copy).as_json()


def answer_callback_query(world: World, call: Parameters) -> bool:
    """Answer the press of a button."""
    key = str(call.get("callback_query_id", ""))
    if key not in world.queries:
        raise _bad("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(str(call.get("text", ""))) > CALLBACK_ANSWER_LIMIT:
        raise _bad("MESSAGE_TOO_LONG")
    world.queries[key] = {"text": call.get("text", ""), "alert": flag(call, "show_alert")}
    world.pulse.beat()
    return True


def get_chat(world: World, call: Parameters) -> Json:
    """Describe a chat in full."""
    chat = world.chat(call.get("chat_id", ""))
    if chat.username is None:
        _member(chat)
    full = {
        **chat.as_json(),
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.protected:
        full["has_protected_content"] = True
    if chat.linked:
        full["linked_chat_id"] = chat.linked.id
    return full


def get_chat_member(world: World, call: Parameters) -> Json:
    """Tell what a user, usually the bot itself, is in a chat."""
    chat = world.chat(call.get("chat_id", ""))
    user_id = int(str(call.get("user_id", 0)))
    if chat.status != "administrator" and chat.type == "channel":
        raise _bad("member list is inaccessible")
    if user_id != world.bot["id"]:
        member = world.chats.get(user_id)
        if member is None:
            raise _bad("PARTICIPANT_ID_INVALID")
        user = {"id": member.id, "is_bot": False, "first_name": member.title}
        return {"status": "member", "user": user}
    user = {key: world.bot[key] for key in ("id", "is_bot", "first_name", "username")}
    if chat.status == "administrator":
        return {"status": "administrator", "user": user, **_rights(chat)}
    until = {"until_date": 0} if chat.status == "kicked" else {}
    return {"status": chat.status, "user": user, **until}


def get_webhook_info(_world: World, _call: Parameters) -> Json:
    """There is never a webhook here."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


def delete_webhook(world: World, call: Parameters) -> bool:
    """Forget the webhook, and the waiting updates if asked to."""
    if flag(call, "drop_pending_updates"):
        world.updates.clear()
    return True


def set_my_commands(world: World, call: Parameters) -> bool:
    """Fill a menu of the bot."""
    commands = structured(call, "commands") or []
    for command in commands:
        if not COMMAND_NAME.fullmatch(command["command"]):
            raise _bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise _bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.menus[_menu_key(world, call)] = {one["command"]: one["description"] for one in commands}
    world.pulse.beat()
    return True


def delete_my_commands(world: World, call: Parameters) -> bool:
    """Empty a menu of the bot."""
    world.menus.pop(_menu_key(world, call), None)
    world.pulse.beat()
    return True


def _menu_key(world: World, call: Parameters) -> tuple[int | None, str]:
    """Return the chat whose menu is meant, None for everybody's, and its language."""
    scope = structured(call, "scope") or {"type": "default"}
    language = str(call.get("language_code") or "")
    if scope["type"] == "default":
        return None, language
    if scope["type"] != "chat":
        raise _bad("can't parse BotCommandScope: unsupported here")
    chat = world.chat(scope["chat_id"])
    if chat.status == "new":
        raise _bad("chat not found")
    return chat.id, language


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "forwardmessage": forward_message,
    "answercallbackquery": answer_callback_query,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getwebhookinfo": get_webhook_info,
    "deletewebhook": delete_webhook,
    "setmycommands": set_my_commands,
    "deletemycommands": delete_my_commands,
}


def _bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


def _not_modified() -> ApiError:
    return _bad(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


def _member(chat: Chat) -> None:
    """Refuse what only a member of ``chat`` may do."""
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    refusals = {
        "left": f"bot is not a member of the {chat.type} chat",
        "kicked": f"bot was kicked from the {chat.type} chat",
        "blocked": "bot was blocked by the user",
        "deactivated": "user is deactivated",
        "new": "bot can't initiate conversation with a user",
    }
    if chat.status in refusals:
        raise ApiError(403, f"Forbidden: {refusals[chat.status]}")


def _reachable(world: World, call: Parameters) -> Chat:
    chat = world.chat(call.get("chat_id", ""))
    _member(chat)
    return chat


def _writable(world: World, call: Parameters) -> Chat:
    chat = _reachable(world, call)
    if chat.type == "channel" and not (chat.status == "administrator" and chat.can_post):
        raise _bad("need administrator rights in the channel chat")
    return chat


def _editable(world: World, call: Parameters) -> Message:
    chat = _reachable(world, call)
    message = world.find(chat, call.get("message_id"), "edit")
    if not message.by_bot and not (chat.type == "channel" and chat.can_edit):
        raise _bad("message can't be edited")
    if "forward_origin" in message.extra:
        raise _bad("message can't be edited")
    return message


def _edited(world: World, message: Message) -> Json:
    message.edit_date = message.date + 1
    world.pulse.beat()
    return message.as_json()


def _author(world: World, chat: Chat) -> Json:
    if chat.type == "channel":
        return chat.as_json()
    return {key: world.bot[key] for key in ("id", "is_bot", "first_name", "username")}


def _read_photo(call: Parameters) -> bytes:
    sent = call.get("photo")
    if not isinstance(sent, bytes):
        raise _bad("there is no photo in the request")
    try:
        return accepted(sent)
    except PhotoError as error:
        raise ApiError(error.status, error.description) from None


def _read_text(call: Parameters, *, limit: int = TEXT_LIMIT) -> tuple[str, list[Entity]]:
    written = str(call.get("text", ""))
    mode = str(call.get("parse_mode") or "").lower()
    if mode not in ("", "html"):
        raise _bad("unsupported parse_mode")
    try:
        text, entities = parse_html(written) if mode else parse_plain(written)
    except MarkupError as error:
        raise _bad(f"can't parse entities: {error}") from None
    if not text:
        raise _bad("message text is empty")
    if utf16_length(text) > limit:
        raise _bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return text, entities[:ENTITY_LIMIT]


def _keyboard(call: Parameters) -> Json | None:
    keyboard = structured(call, "reply_markup")
    if not keyboard or not keyboard.get("inline_keyboard"):
        return None
    for row in keyboard["inline_keyboard"]:
        for button in row:
            _check_button(button)
    return dict(keyboard)


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise _bad("can't parse inline keyboard button: Text buttons are unallowed")
    if "url" not in button and not 1 <= len(button.get("callback_data", "").encode()) <= (
        CALLBACK_DATA_LIMIT
    ):
        raise _bad("BUTTON_DATA_INVALID")


def _reply(chat: Chat, call: Parameters) -> Json:
    wanted = structured(call, "reply_parameters") or {}
    target = chat.messages.get(wanted.get("message_id", 0))
    if target is not None and not target.deleted:
        return {"reply_to_message": target.as_json(nested=True)}
    if wanted and not wanted.get("allow_sending_without_reply"):
        raise _bad("message to be replied not found")
    return {}


def _rights(chat: Chat) -> Json:
    never = (
        "can_be_edited",
        "is_anonymous",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    )
    rights = {**dict.fromkeys(never, False), "can_manage_chat": True}
    rights["can_delete_messages"] = chat.can_delete
    if chat.type == "channel":
        rights |= {"can_post_messages": chat.can_post, "can_edit_messages": chat.can_edit}
    return rights

"""Sending: brings what is in a channel in line with what is wanted there.

    queued & wanted ─▶ send ──▶ sent
                        ├ certainly not ──▶ queued, later
                        ├ refused ────────▶ failed
                        └ nobody knows ───▶ uncertain ─ quarantine ─▶ probe, else ask
                    ─ waited too long ────▶ expired
    sent & not wanted ─▶ remove ──▶ removed
    removed & wanted ──▶ restore ─▶ sent
                          ├ gone ─▶ queued
                          └ refused, and perhaps never removed ─▶ uncertain
    sent & its story is told elsewhere ─▶ edit, when nothing of this is due

The intent is committed before the request, and one request is in flight per
channel. A process that dies in between leaves `sending` behind, which the next
start takes for uncertain: an uncertain post is never sent again blindly.

sender.py      when: one post after the other, at the channel's pace
carrier.py     what: one thing done for one post, each step recorded before the next
editor.py      sent posts that name who else tells their story
appearance.py  what readers see of an item
door.py        whether the channel lets the bot in
pace.py        how soon the channel may be asked for the next thing
pauses.py      how long to leave alone what did not work (pure)
"""

from bot.render import Render
from bot.sending.appearance import Appearance, Illustrate
from bot.sending.carrier import REMINDER, Ask
from bot.sending.options import SenderOptions
from bot.sending.sender import Sender, recover

__all__ = [
    "REMINDER",
    "Appearance",
    "Ask",
    "Illustrate",
    "Render",
    "Sender",
    "SenderOptions",
    "recover",
]

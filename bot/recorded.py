"""What is recorded in English, and told in other languages too: see ``bot.retold``.

Figures stand in braces; in {words} what others have called so, or said; in {reason} another one
of these lines, or words of somebody else. What else may stand there, ``bot.retold`` knows.
"""

from __future__ import annotations

from bot import models_refused, settings_refused
from bot.language import gettext_noop

VERDICTS = (
    gettext_noop("of item {number}"),
    gettext_noop("undated"),
    gettext_noop("{weeks}w old"),
    gettext_noop("{weeks}w{days}d old"),
    gettext_noop("{days}d old"),
    gettext_noop("{days}d{hours}h old"),
    gettext_noop("{hours}h old"),
    gettext_noop("{hours}h{minutes}m old"),
    gettext_noop("{minutes}m old"),
    gettext_noop("{share} Cyrillic"),
    gettext_noop("by rule {number} {phrase}"),
)

SOURCES = (
    gettext_noop("has moved for good to {address}"),
    gettext_noop("its links lead nowhere: {reason}"),
    gettext_noop("its articles cannot be read: {reason}"),
    gettext_noop("its articles cannot be fetched: {reason}"),
    gettext_noop("shows no articles; usually at least {usual}"),
    gettext_noop("shows 1 article; usually at least {usual}"),
    gettext_noop("shows {count} articles; usually at least {usual}"),
    gettext_noop("its newest article has no title or no text, or cannot be read"),
    gettext_noop("its last {count} articles have no title or no text, or cannot be read"),
    gettext_noop("{address}: {reason}"),
    # Answers of their servers.
    gettext_noop("answered {number}"),
    gettext_noop("answered {number} {words}"),
    gettext_noop("asks for a login (401)"),
    gettext_noop("redirects to a login page, {words}"),
    gettext_noop("redirected more than {count} times"),
    gettext_noop("no complete answer within {seconds} s"),
    gettext_noop("silent for {seconds} s"),
    gettext_noop("no answer: {reason}"),
    gettext_noop("All connection attempts failed"),
    gettext_noop("Server disconnected without sending a response."),
    gettext_noop("[Errno {number}] Name or service not known"),
    gettext_noop("its host asked to be left alone for another {seconds} s"),
    gettext_noop("the answer is larger than {count} MB"),
    gettext_noop("the answer breaks off in the middle"),
    gettext_noop("the answer is encoded as {words}, which nobody asked for"),
    gettext_noop("the answer is not {words}: {reason}"),
    # What they do not permit.
    gettext_noop("not a web address"),
    gettext_noop("not a web address: {reason}"),
    gettext_noop("is not permitted: the name of a host in an inner network"),
    gettext_noop("is not permitted: {reason}"),
    gettext_noop("the robots.txt of {words} does not permit it"),
    gettext_noop("its robots.txt answered {number}"),
    gettext_noop("its robots.txt cannot be read: {reason}"),
    gettext_noop("its robots.txt takes more than {seconds} s to read"),
    gettext_noop("shows a check of the visitor instead of the page ({words})"),
    gettext_noop("shows a check of the visitor instead of the page ({words}), {number}"),
    gettext_noop("shows a check of the visitor instead of the page: {words}"),
    gettext_noop("a captcha"),
    gettext_noop("a cookie set by a script"),
    # What is in their answers.
    gettext_noop("cannot be read as certificates: {reason}"),
    gettext_noop("cannot be read: {reason}"),
    gettext_noop("not read within {seconds} s"),
    gettext_noop("the answer is empty"),
    gettext_noop("the answer is binary, not a page"),
    gettext_noop("the answer is binary, not a feed"),
    gettext_noop("the answer is binary, not a sitemap"),
    gettext_noop("the answer is no feed"),
    gettext_noop("the answer is JSON, but no feed"),
    gettext_noop("the answer is no sitemap"),
    gettext_noop("declares entities, which no sitemap does"),
    gettext_noop("not readable as a feed: {reason}"),
    gettext_noop("not readable as JSON: {reason}"),
    gettext_noop("neither title nor text"),
    gettext_noop("{words}: neither title nor text"),
    gettext_noop("the markup is nested too deeply"),
    gettext_noop("{words} is no CSS selector"),
    gettext_noop("nothing on the page matches {words}"),
    gettext_noop("nothing on the page that links somewhere matches {words}"),
    gettext_noop("no links that look like articles: give a selector for them"),
    gettext_noop("no links that look like articles"),
    gettext_noop("no links that look like articles: they are put there by scripts"),
    gettext_noop("there is nothing in it"),
    gettext_noop("this is an article; give the page that lists the news, like {address}"),
    gettext_noop("this is no page"),
    gettext_noop("there is no news, but a form that asks for a password"),
    gettext_noop("is not the address of a public channel: https://t.me/ and its name"),
    gettext_noop("the channel shows no preview: it is private or restricted"),
    gettext_noop("this is no channel, but a group, a person or a bot"),
    gettext_noop("there is no public channel of this name"),
    gettext_noop("this is not the preview of a Telegram channel"),
)

CHATS = (
    gettext_noop("the bot is not an administrator of this channel"),
    gettext_noop("the bot is not a member of this group"),
    gettext_noop("the bot may not post in this channel"),
    gettext_noop("not found: name it by its @name, or by its number if the bot is in it"),
    gettext_noop("this group is a supergroup now: write {number} in its place in the settings"),
    # In Telegram's own words.
    gettext_noop("Chat not found"),
    gettext_noop("Need administrator rights in the channel chat"),
    gettext_noop("Not enough rights to send text messages to the chat"),
    gettext_noop("Forbidden: bot is not a member of the channel chat"),
    gettext_noop("Forbidden: bot is not a member of the supergroup chat"),
    gettext_noop("Forbidden: bot was kicked from the channel chat"),
    gettext_noop("Forbidden: bot was kicked from the group chat"),
    gettext_noop("Forbidden: bot was kicked from the supergroup chat"),
)

POSTS = (
    gettext_noop("its message id is not known: remove it by hand"),
    gettext_noop("its words are struck out, its picture stays: {reason}"),
    gettext_noop("waits for an operator: {reason}"),
    gettext_noop("could not be posted for {count} hours"),
    gettext_noop("interrupted while it was being sent"),
    gettext_noop("posted in the channel that had this name before"),
    gettext_noop("nobody knows whether it was posted in the channel that had this name before"),
    gettext_noop("no post of this channel is known"),
    gettext_noop("no post of this channel is known yet"),
    gettext_noop("no earlier post of this channel is known"),
    gettext_noop("the channel does not let its posts be forwarded"),
    gettext_noop("only a channel tells where its posts were forwarded from"),
    gettext_noop("not among {count} messages after {number}"),
    gettext_noop("a message after {number} links to the same page in other words"),
    gettext_noop("{count} messages after {number} cannot be looked at"),
    gettext_noop("was sent {count} times, and is not there"),
    gettext_noop("telegram.scratch_chat is not set"),
    gettext_noop("{words} cannot stand in a link"),
    gettext_noop("a post is longer than {count} characters even without its text"),
    gettext_noop("Telegram does not accept the bot's token"),
    gettext_noop("Flood control exceeded. Retry in {seconds} seconds"),
    gettext_noop("Timed out"),
)

MODELS = (
    gettext_noop(
        "operators gave labels that teach something to no text yet: "
        "at least {least} different ones are needed"
    ),
    gettext_noop(
        "operators gave labels that teach something to {count} text: "
        "at least {least} different ones are needed"
    ),
    gettext_noop(
        "operators gave labels that teach something to {count} texts: "
        "at least {least} different ones are needed"
    ),
    gettext_noop("a reference set of {count} texts: at least {least} are needed"),
    gettext_noop(
        "the model in use is wrong about none of the {labels} newest labels: "
        "with fewer than {least} mistakes nothing can be shown to be better"
    ),
    gettext_noop(
        "the model in use is wrong about {count} of the {labels} newest labels: "
        "with fewer than {least} mistakes nothing can be shown to be better"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes no new one, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes {spoiled} new one, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes {spoiled} new ones, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "on the reference set {share} more mistakes cannot be ruled out "
        "({before} before, {after} after); the margin is {margin}"
    ),
    gettext_noop(
        "on the reference set a loss higher by {rise} cannot be ruled out; the margin is {margin}"
    ),
    gettext_noop("{reason}: no better than the model in use"),
    gettext_noop("{reason}, but is surer of those that are left: the loss rises"),
    gettext_noop("{reason}: that may be chance ({chance})"),
    gettext_noop("it cures {cured} of {before} mistakes on the newer labels and makes none"),
    gettext_noop("it cures {cured} of {before} mistakes on the newer labels and makes {spoiled}"),
    gettext_noop("{words} is in use already"),
    gettext_noop("the model in use was replaced meanwhile: nothing was changed, try again"),
)

# Of what nothing else is said here, what comes before the colon is a name: of a key or a file.
NAMED = (gettext_noop("{key}: {reason}"),)

ALL = (
    *VERDICTS,
    *SOURCES,
    *CHATS,
    *POSTS,
    *MODELS,
    *settings_refused.ALL,
    *models_refused.ALL,
    *NAMED,
)

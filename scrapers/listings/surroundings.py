"""What the surroundings of links say about them: menus, advertising, what others read."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from lxml import etree


class Surroundings(Enum):
    """What an element holds, as far as its name tells."""

    PLAIN = "nothing in particular"
    BESIDE = "what stands in a column beside the news"
    AWAY = "what is no news: menus, tags, advertising, what was read most"


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 200
# The whole page is no part of it.
_WHOLE = ("html", "body")
# What an article or a page is of, or has beside it, not what it is for.
_STATE = re.compile(
    r"(?:^|\s)(?:(?:tag|category)-(?!list|cloud|box|block|group)|(?:status|type|has|with|no)-)\S*"
)
_AWAY_TAGS = frozenset(("nav", "footer", "form", "address"))
_AWAY_ROLES = frozenset(("navigation", "contentinfo", "menu", "search", "dialog", "alertdialog"))


def _words(*patterns: str) -> re.Pattern[str]:
    """Return what finds one of ``patterns`` as a word of a name, with or without an ending s."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(patterns)})s?(?![a-z])")


def _whole(*patterns: str) -> re.Pattern[str]:
    """Return what takes one of ``patterns`` for a line, signs and numbers around it left out."""
    return re.compile(rf"[\W_]*(?:{'|'.join(patterns)})[\W\d_]*", re.IGNORECASE)


_AWAY = _words(
    # ways through the site
    *(r"nav(?:i|bar|igation)?", r"\w*menu\w*", r"footer\w*", "bottom-?nav", r"bread-?crumb\w*"),
    *("pager", r"pagination\w*", "paging", "tag-?(?:list|cloud|box|block|group)?", "tagcloud"),
    *("rubricator", "categories", "archive-?list", "calendar", "lang", "copyright", "login"),
    *("auth", r"search\w*"),
    # talk
    *("comment", "commentator", "forum", "vote", "poll", "opros"),
    # advertising, and other people's news
    *("ad", r"adv(?:ert\w*)?", "adsense", "adfox", "adriver", "adsbygoogle", r"\w*banner\w*"),
    *(r"rekl\w*", r"sponsor\w*", r"partn?er\w*", "smi2", "24smi", r"infox\w*", r"mediametrics\w*"),
    *(r"relap\w*", "lentainform", "novoteka", r"exchange\w*", "commercial", "spec-?pro(?:j|y)?ekt"),
    # what was read most, and what goes with something else
    *(r"popular\w*", "pop-?news", "most-?(?:read|viewed|popular|commented)", "hits", "rating"),
    *("top-?(?:week|month|day|10|5)", r"trend\w*", r"related\w*", r"recomm?end\w*", r"similar\w*"),
    *("see-?also", "read-?(?:also|more)", "interesting", "chitaemoe", r"best-?(?:of|other)?\w*"),
    # to share and to follow
    *(r"soc(?:ial)?\w*", r"share\w*", r"subscri\w+", "podpiska", "follow"),
)
_BESIDE = _words(
    *(r"side-?bar\w*", "aside", "side", r"widget\w*", r"(?:left|right)-?(?:col\w*|block|side\w*)"),
    *(r"promo\w*", "special"),
)

_ANNOUNCED = _whole(
    r"самое\s+(?:читаемое|популярное|обсуждаемое|комментируемое|интересное|просматриваемое)",
    r"(?:сейчас\s+|что\s+)?(?:читают|обсуждают)|популярн\w+(?:\s+\w+){0,3}|выбор\s+\w+",
    r"топ(?:\s*[-–—]?\s*\d+)?(?:\s+(?:новост\w+|недели|дня|месяца|за\s+\w+)){0,2}",
    r"лучшее(?:\s+за\s+\w+)?|(?:мы\s+)?рекоменду\w+(?:\s+\w+){0,2}|вам\s+(?:может|будет)\s.{0,30}",
    r"(?:читайте|смотрите)\s+(?:также|ещ[её]).{0,20}|по\s+теме|в\s+тему|похожие\s+\w+",
    r"(?:новости\s+)?(?:наших\s+|от\s+)?партн[её]р\w*(?:\s+\w+)?|новости\s+(?:сми2|smi2|24сми|24smi)",
    r"реклама.{0,20}|на\s+правах\s+рекламы|объявления|спецпроект\w*|архив\w*|ссылки|контакты",
    r"разделы|рубрик\w*|рубрикатор|навигация|меню|темы|теги|метки|полезные\s+ссылки",
    r"о\s+(?:нас|сайте|проекте|газете)|(?:последние\s+)?комментарии",
    r"(?:самые\s+)?(?:читаемые|обсуждаемые|комментируемые|просматриваемые)(?:\s+\w+){0,2}",
    r"most\s+(?:read|popular|viewed|commented)|popular(?:\s+\w+)?|trending(?:\s+\w+)?",
    r"related(?:\s+\w+)?|recommended(?:\s+\w+){0,2}|you\s+may\s+(?:also\s+)?like|partners?",
    r"sponsored|tags|categor(?:y|ies)|archives?",
)
# Wordings of links that lead to the pages about a site, not to its news.
_OF_SITE = _whole(
    r".*\b(?:персональных данных|конфиденциальности|пользовательское соглашение|рекламодател\w+"
    r"|правила (?:сайта|использования|комментирования|перепечатки)|реклама (?:на|в|у)"
    r"|размещени\w+ рекламы|обратная связь|все права защищены|cookie|privacy policy"
    r"|terms of (?:use|service)|about (?:us|our|the (?:site|company|project|paper|newspaper))"
    r"|contact (?:us|our)|advertis\w+ (?:with|on|here)|sign (?:in|up)|log in"
    r"|our (?:team|partners|company|history)|subscribe)\b.*",
    r"(?:все|другие|больше|ещ[её]|архив|лента|читать|смотреть|показать|перейти|вернуться"
    r"|подписаться|подпишитесь|предложить|прислать|сообщить|добавить|разместить)\s+(?:\w+\s+){0,3}"
    r"(?:новост\w+|материал\w+|стат\w+|раздел\w*|сайт\w*|страниц\w+|лент\w+|канал\w*|рассылк\w+"
    r"|объявлени\w+|далее|полностью)(?:\s.{0,30})?",
)


def surroundings_of(element: etree._Element) -> Surroundings:
    """Return what ``element`` holds, as far as its own name tells."""
    attributes = element.attrib
    return _surroundings(
        str(element.tag),
        (attributes.get("role") or "").lower(),
        f"{attributes.get('class', '')[:_LONGEST]} {attributes.get('id', '')[:_LONGEST]}",
    )


def announces_no_news(line: str) -> bool:
    """Say whether ``line`` is the heading of links that are no news."""
    return len(line) <= 60 and bool(_ANNOUNCED.fullmatch(line))


def is_about_the_site(wording: str) -> bool:
    """Say whether a link of such ``wording`` leads to a page about the site, or to more links."""
    return len(wording) <= 100 and bool(_OF_SITE.fullmatch(wording))


@lru_cache(maxsize=8192)
def _surroundings(tag: str, role: str, names: str) -> Surroundings:
    if tag in _AWAY_TAGS or role in _AWAY_ROLES:
        return Surroundings.AWAY
    if tag in _WHOLE:
        return Surroundings.PLAIN
    words = _STATE.sub(" ", _CAMEL.sub("-", names).lower().replace("_", "-"))
    if _AWAY.search(words):
        return Surroundings.AWAY
    if tag == "aside" or _BESIDE.search(words):
        return Surroundings.BESIDE
    return Surroundings.PLAIN

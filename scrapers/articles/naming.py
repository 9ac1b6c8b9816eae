"""What the names of elements say they are for: classes, ids and roles as news sites give them."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from lxml import etree


class Role(Enum):
    """What an element is for."""

    PLAIN = "nothing in particular"
    CONTENT = "the text of an article"
    LEAD = "the lead of an article"
    HEADLINE = "a headline"
    CAPTION = "words under a picture"
    BYLINE = "author, date, section, number of views"
    COMMENTS = "what readers say"
    OTHER = "menus, other news, sharing, advertising"


_BY_TAG = {
    "nav": Role.OTHER,
    "footer": Role.OTHER,
    "figcaption": Role.CAPTION,
    "time": Role.BYLINE,
    "address": Role.BYLINE,
}
_BY_ROLE = {
    "navigation": Role.OTHER,
    "contentinfo": Role.OTHER,
    "banner": Role.OTHER,
} | dict.fromkeys(("dialog", "alertdialog", "menu", "search", "complementary"), Role.OTHER)
_BY_PROPERTY = {
    "articlebody": Role.CONTENT,
    "headline": Role.HEADLINE,
    "author": Role.BYLINE,
    "datepublished": Role.BYLINE,
    "datemodified": Role.BYLINE,
    "publisher": Role.BYLINE,
    "interactioncount": Role.BYLINE,
    "caption": Role.CAPTION,
    "comment": Role.COMMENTS,
}
_LONGEST = 200
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _words(patterns: str) -> re.Pattern[str]:
    """Return what finds one of ``patterns`` as a word of a name, with or without an ending s."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(patterns.split())})s?(?![a-z])")


_COMMENTS = _words(
    r"""
    comment kommentari[iy]? commentlist jcomment respond disqus\w* cackle\w* hypercomment
    discussion otzyv[yi]? dle-comment
    """
)
_CAPTION = _words(
    r"""
    caption\w* \w+caption figcaption photo-?(?:author|title|desc\w*|info|copyright|credit|text)
    (?:image|img|picture|pic|foto)-?(?:title|desc\w*|copyright|author|text|source|alt|sign) credit
    photocredit podpis carousel\w* slider\w* slick\w* swiper\w* fotorama gallery\w* photogallery
    playlist
    """
)
_OTHER = _words(
    r"""
    related\w* relative similar\w* recommend\w* recomend\w* also readalso see-?also seealso
    readmore read-more more-(?:news|articles|posts) last-?news latest\w* popular\w* most-?read
    top-?news other-?news othernews jp-relatedposts yarpp\w* crp incut-?link smi2 sharethrough
    mediametrics relap\w* 24smi infox\w* lentainform novoteka teaser-?(?:block|list)? interesting
    by-?theme theme-?news news-?(?:list|feed|line|ticker) newslist newsfeed feed-?news share\w*
    sharing social\w* soc socseti ya-share\d* pluso uptolike\w* addtoany\w* a2a addthis\w*
    sharedaddy likely likes? subscri\w+ podpiska follow telegram-?(?:link|channel|block|banner)?
    messenger donat\w+ newsletter mistake misprint orphus typo(?:-?report)? error-?text push
    reaction emoji breadcrumb\w* bread-?crumb\w* menu\w* \w*menu nav navi navigation navbar\w*
    topbar sidebar\w* side-?bar footer\w* widget\w* pager pagination paging prev prev-?next
    nextprev next-?prev tag-?(?:list|cloud|box|block)? tagcloud keyword metki rating\w* vote
    voting golos login auth signin register cookie\w* gdpr popup\w* pop-up modal\w* overlay
    copyright\w* search\w* toolbar tool print\w* skip-link toc ad adv advert\w* ads adsense
    adsbygoogle adfox\w* adriver ad-?\d+ banner\w* \w*banner reklama?\w* promo\w* sponsor\w*
    partner\w* yandex-?rtb\w* rtb commercial direct begun marketgid mgid instagram-media
    twitter-(?:tweet|video|timeline) fb-(?:post|video) vk-post tiktok-embed telegram-post
    """
)
_BYLINE = _words(
    r"""
    author\w* avtor byline by-?author posted-?(?:on|by) post-?meta entry-?meta meta\w* submitted
    dateline date data datetime date-?time pub-?date pubdate published publish created? createdate
    timestamp time views? view-?count\w* counter hits prosmotr\w* rubric\w* category categories
    cat-links kicker section-?name article-?info news-?info post-?info read(?:ing)?-?time source
    istochnik signature info-?line
    """
)
_CONTENT = _words(
    r"""
    article-?(?:body|text|content)
    (?:news|post|entry|story|material|detail|full|page|item|text|topic|node)-?(?:body|text|content|story|full)
    fullstory full-?text articlebody itemfulltext emessage detail-?text news-?detail
    field-name-body content-?text text-?content body-?text js-mediator-article io-article-body
    articletext newstext news-?full\w*
    """
)
_LEAD = _words(
    r"""
    lead lid lide anons anounce announce anonce intro\w* itemintrotext subtitle sub-?title
    preview-?text excerpt standfirst summary overview perex podzagolovok
    """
)
_HEADLINE = _words(
    r"""
    headline title heading zagolovok h1 etitle pagetitle
    """
)

# Within one class the first that fits decides: the share button of a news detail is a button.
_IN_A_NAME = (
    (_COMMENTS, Role.COMMENTS),
    (_CAPTION, Role.CAPTION),
    (_OTHER, Role.OTHER),
    (_CONTENT, Role.CONTENT),
    (_BYLINE, Role.BYLINE),
    (_LEAD, Role.LEAD),
    (_HEADLINE, Role.HEADLINE),
)
# Among several classes: the text of an article may also be named for the sidebar beside it.
_AMONG_NAMES = (
    *(Role.COMMENTS, Role.CONTENT, Role.CAPTION, Role.OTHER),
    *(Role.BYLINE, Role.LEAD, Role.HEADLINE),
)
# WordPress names whole articles and pages for their tags, authors and state.
_OF_WORDPRESS = re.compile(r"\b(?:hentry|type-(?:post|page)|status-publish|single-post)\b")
_STATE = re.compile(r"(?:tag|category|status|type|format|author|postid|page)-")


def role_of(element: etree._Element) -> Role:
    """Return what ``element`` is for, as far as its own name tells."""
    names = element.get("class"), element.get("id"), element.get("itemprop"), element.get("role")
    return _role(element.tag, *names) if any(names) else _BY_TAG.get(element.tag, Role.PLAIN)


@lru_cache(maxsize=8192)
def _role(
    tag: str, classes: str | None, identity: str | None, prop: str | None, role: str | None
) -> Role:
    stated = _BY_PROPERTY.get((prop or "").lower()) or _BY_ROLE.get((role or "").lower())
    if stated or tag in _BY_TAG:
        return stated or _BY_TAG[tag]
    names = f"{(classes or '')[:_LONGEST]} {(identity or '')[:_LONGEST]}"
    single = names.split()
    if _OF_WORDPRESS.search(names):
        single = [name for name in single if not _STATE.match(name)]
    found = {_role_of_name(name) for name in single}
    return next((kind for kind in _AMONG_NAMES if kind in found), Role.PLAIN)


@lru_cache(maxsize=8192)
def _role_of_name(name: str) -> Role:
    words = _CAMEL.sub("-", name).lower().replace("_", "-")
    return next((kind for pattern, kind in _IN_A_NAME if pattern.search(words)), Role.PLAIN)

"""What news sites print between and below the paragraphs that is no part of the text."""

from __future__ import annotations

import re

from scrapers.articles.appeals import NETWORKS, appeals
from scrapers.articles.wording import starting, whole

_LONGEST = 350
_LONGEST_FILLER = 220
_LONGEST_HEADING = 90
_LONGEST_WALL = 200

_NEWS = r"(?:новост\w+|материал\w*|стать\w+|публикаци\w+|сюжет\w*|запис\w+|тем\w+|событи\w+)"
_KINDS = (
    r"(?:похожие|другие|последние|свежие|главные|популярные|связанные|важные|актуальные|все|ещё|еще"
    r"|интересные|предыдущие|следующие|больше|топ|лента|рекомендуемые)"
)
_OF_WHAT = (
    r"(?:рубрики|раздела|дня|недели|часа|партн[её]ров|региона|города|автора|по теме|за сегодня"
    r"|smi2|сми2|мирового|редакции)"
)
_MONTH = r"(?:янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек)\w*"
_WHEN = (
    rf"(?:сегодня|вчера|\d\d?[.:/-]\d|\d{{4}}[.-]|\d\d?\s+{_MONTH}"
    r"|(?:пн|вт|ср|чт|пт|сб|вс|понед|втор|сред|четв|пятн|субб|воскр)\w*,)"
)

# Headings of links to other news.
_OTHERS = whole(
    rf"""
    (?:по)?(?:читайте|читай|смотрите|смотри|слушайте|узнайте)\s+
        (?:также|ещ[её]|далее|по теме|нас|так\s?же)
        (?:\s+(?:по теме|на\s+\w+|в\s+(?:разделе|сюжете)))*
    (?:также|ещ[её]|что|стоит)\s+
        (?:читайте|читать|почитать|смотрите|смотреть|по теме)(?:\s+по теме)?
    (?:читать|смотреть)\s+(?:также|далее|ещ[её]|все|полностью)
    (?:ещ[её]\s+|все\s+|другие\s+)?{_NEWS}?\s*(?:по|на)\s+(?:этой\s+|эту\s+)?тем[еу]
    {_KINDS}\s+{_NEWS}(?:\s+{_OF_WHAT})?
    {_NEWS}\s+{_OF_WHAT}
    (?:самое|сейчас)\s+
        (?:читаемое|популярное|обсуждаемое|читают|обсуждают|свежее)
    популярное(?:\s+(?:за|сейчас|сегодня|на сайте).*)?
    (?:мы\s+)?рекоменду(?:ем|емые)(?:\s+(?:почитать|прочитать|посмотреть|также|материалы))?
    вам\s+(?:может|могут|будет)\s+(?:быть\s+|также\s+)*(?:интересно|понравиться|понравится)
    (?:это|вас)\s+(?:может\s+)?(?:заинтересует|заинтересовать|интересно)
    интересное\s+по теме
    в тему|по теме|вопрос-ответ|тематика|похожее
    related(?: news| posts)?|read also|see also|more news
    """
)
# The same, or headings within an article: what follows tells.
_OTHERS_OR_PARTS = whole(
    r"""
    ранее|досье|подробности|(?:самое\s+|сейчас\s+)?(?:главное|важное|интересное)
    """
)
# And these with the news itself in the same line.
_OTHER = starting(
    r"""
    (?:читайте|читай|смотрите|слушайте|читать)\s+(?:также|так\s?же|ещ[её]|далее|по теме|подробнее)\b
    (?:по теме|также по теме|материал(?:ы)? по теме|вопрос-ответ|читайте в сюжете)\s*[:—–-]
    """
)
_MORE = re.compile(r"\b(?:про)?(?:чита|смотри|узна|слуша)(?:й(?:те)?|те|ть)\b", re.IGNORECASE)
_ABOUT_SITE = whole(
    r"""
    об?\s+(?:нас|(?:наше[йм]\s+)?(?:газете|редакции|сайте|портале|издании|журнале|телеканале|агентстве))
    (?:наша\s+)?редакция|контакты\s+редакции|выходные\s+данные|реклама\s+на\s+сайте|рекламодателям
    """
)
# Readers speak from here on.
_COMMENTS = whole(
    r"""
    (?:все\s+|последние\s+|ваши\s+)?комментари(?:и|ев|ях)
        (?:\s+(?:читателей|пользователей|вконтакте|facebook|\(\d+\)|закрыты|отключены|отсутствуют
        |к (?:новости|статье|записи|материалу)).*)?
    (?:\d+|нет|пока нет|оставить|оставьте|написать|добавить|добавьте|ваш)\s+
        (?:сво[йе]\s+)?комментари\w+(?:\s.*)?
    (?:обсуждение|отзывы)\s*\(\d+\)|\d+\s+отзыв(?:а|ов)?|добавить отзыв
    мнения читателей|leave a reply|comments?
    """
)
# The same, or a heading within an article.
_COMMENTS_OR_PARTS = whole(r"обсуждени[ея]|обсудить|отзывы|ваши\s+отзывы|мнения|ваше\s+мнение")
# What a site says of itself in few words, whatever the article is about.
_FILLER = whole(
    rf"""
    (?:поделиться|поделитесь|поделись|рассказать|расскажите|расскажи|share)
        (?:\s*:.{{0,60}}|\s+(?:с\s+)?(?:друзья|ссылк|новост|стать|матери|эт[ои]|this|on\b).{{0,60}})?
        (?:\s+(?:в|на|через)\s+{NETWORKS}.{{0,60}})?
    tweet
    версия для печати|распечатать|печать|print|отправить(?: другу| ссылку)?
    скопировать(?: ссылку)?|ссылка скопирована
    назад|впер[её]д|далее|подробнее|наверх|(?:возврат |назад )?к списку(?:\s.*)?
    вернуться(?:\s+(?:назад|обратно|наверх|к\s|на\s+(?:главную|сайт|страниц)|в\s+(?:раздел|начало
        |каталог|рубрик|список)).{{0,60}})?
    в начало|на главную|все новости|развернуть|свернуть|загрузить ещ[её]|читать полностью
    показать (?:ещ[её]|все|полностью)|(?:следующая|предыдущая)(?: (?:новость|статья|запись))?
    ссылка по теме|слушать|увеличить|открыть|в избранное|добавить в избранное
    прослушать(?:\s+(?:новость|статью|материал|текст).*)?
    нравится|не нравится|мне нравится|подпишитесь|подписка
    подписаться(?:\s(?!.*\bмож(?:но|ет)\b).{{0,60}})?
    (?:количество\s+)?(?:просмотр(?:ы|ов|а)?|прочитано|прочитали|прочтений|показов|views?|читали)
        (?:\s*[:—-]?\s*[\d\s]+)?(?:\s*раз\w*)?
    \d[\d\s]*(?:просмотр\w*|комментари\w+|раз)
    (?:рейтинг|оценка|голосов|средняя оценка|проголосуйте|оцените (?:новость|статью|материал))
        [\s\d.,/():%]*
    (?:время\s+(?:на\s+)?(?:чтения|прочтения)|читать|чтение)\b.{{0,25}}(?:мин\w*|сек\w*)
    (?:автор|рубрик[аи]|категори[яи]|раздел|тег[иь]?|метки|ключевые слова|хештеги|tags?)\s*:
        .{{0,200}}
    (?:дата публикации|опубликовано|размещено|добавлено|обновлено|изменено|создано
        |последнее обновление)
        \s*(?::.{{0,60}}|(?:в\s+|на\s+сайте\s+)?{_WHEN}(?:(?!\.\s+[а-яё]{{4}}).){{0,60}})?
    теги|метки|автор|текст|фото|источник|реклама|erid|промо|партн[её]рский материал|спецпроект
    \d\d?\+|\d{{1,2}}:\d\d|[\d\s.,/|:•·-]+
    сетевое издание\s+[«"].{{0,40}}[»"]
    предложить новость|прислать новость|сообщить(?: (?:новость|об ошибке|об опечатке))?
    содержание|оглавление|загрузка|loading|идет загрузка|видео недоступно|показать на карте
    """
)
# Advertising is labelled by law: the label says so and who pays.
_ADVERTISING = starting(
    r"""
    реклама(?:\s*[.:|/•]|\s+\d|\s+(?:ООО|АО|ИП|ПАО|ЗАО|ОАО)\b)|erid\s*[:=]|на правах рекламы
    рекламодатель\s*:|инн\s*:?\s*\d
    """
)
# Behind it stands what only those may read who pay, and how to: the article ends here.
_READ = r"(?:(?:про|до)?чита(?:ть|йте)|прочесть|продолж(?:ить|айте)|получ(?:ить|ите) доступ)"
_ENTER = (
    r"(?:оформите|купите|оплатите|продлите|войдите|подпишитесь|авторизуйтесь|зарегистрируйтесь"
    r"|(?:нужн|необходим|требуется|понадобится)\w*\s+(?:\w+\s+)?(?:подписк|регистрац))"
)
_WORK = r"(?:материал|стать|текст|публикаци|контент|номер|верси)\w*"
_WALL = starting(
    rf"""
    (?:\w+\s+){{0,2}}(?:{_WORK}|продолжение)(?:\s+\w+){{0,2}}\s+(?:доступ\w+|открыт\w*)\s+
        (?:[\w-]+\s+){{0,4}}(?:подпис\w+|зарегистрированн\w+|авторизованн\w+)
    доступ\s+к\s+(?:\w+\s+){{0,2}}{_WORK}(?:\s+\w+){{0,2}}\s+
        (?:ограничен|закрыт|плат[не]|только|по\s+подписке)
    (?:доступно\s+|только\s+|{_WORK}\s+|эксклюзив\w*\s+)+
        (?:для\s+|наши[мх]\s+|платны[мх]\s+)*подписчик(?:ам|ов)\W*$
    (?:это\s+)?(?:платн|закрыт)\w+\s+{_WORK}\W*$
    (?:чтобы|для\s+того,?\s+чтобы)\s+(?:\w+\s+)?{_READ}\b(?=.{{0,80}}
        (?:дал[её]?е|дальше|полност|полн|весь|всю|{_WORK}|продолжение)).{{0,80}}{_ENTER}
    для\s+(?:чтения|прочтения|продолжения\s+чтения)\b.{{0,80}}{_ENTER}
    {_ENTER}.{{0,80}}\bчтобы\s+(?:\w+\s+)?{_READ}
    осталось\s+(?:прочитать|дочитать)\b|(?:вы\s+)?(?:прочитали|исчерпали|использовали)\b.{{0,40}}
        бесплатны\w+\s+(?:материал|стат|публикаци)
    (?:this|the full)\s+(?:article|story|content|post)\s+is\s+(?:only\s+|available\s+)*
        (?:for|to)\s+(?:\w+\s+){{0,2}}(?:subscribers|members)
    subscribe\s+(?:now\s+)?to\s+(?:continue|read|keep|unlock)|to\s+(?:continue|keep)\s+reading
    """
)
# The same, said anywhere.
_OFFER = starting(
    r"""
    (?:оформите|купите|продлите|оплатите)\s+(?:\w+\s+){0,3}подписк\w+
    (?:у вас |я )?уже\s+(?:есть\s+)?(?:подпис(?:к|ал|ан|чик)\w*)|already\s+a\s+(?:subscriber|member)
    """
)


def announces_others(line: str) -> bool:
    """Say whether ``line`` is the heading of links to other news."""
    return len(line) <= _LONGEST_HEADING and bool(_OTHERS.fullmatch(line))


def may_announce_others(line: str) -> bool:
    """Say whether ``line`` is such a heading if links follow, and one of the text if not."""
    return len(line) <= _LONGEST_HEADING and bool(_OTHERS_OR_PARTS.fullmatch(line))


def is_about_site(line: str) -> bool:
    """Say whether ``line`` is the heading of what a site tells of itself."""
    return len(line) <= _LONGEST_HEADING and bool(_ABOUT_SITE.fullmatch(line))


def leads_to_more(line: str) -> bool:
    """Say whether ``line``, which ends in a link, sends the reader there."""
    return bool(_MORE.search(line))


def opens_comments(line: str) -> bool:
    """Say whether ``line`` is the heading of what readers say."""
    return len(line) <= _LONGEST_HEADING and bool(_COMMENTS.fullmatch(line))


def may_open_comments(line: str) -> bool:
    """Say whether ``line`` is such a heading if what follows is signed with a name and a time."""
    return len(line) <= _LONGEST_HEADING and bool(_COMMENTS_OR_PARTS.fullmatch(line))


def announces_wall(line: str) -> bool:
    """Say whether ``line`` tells that one has to pay or to log in to read on."""
    return len(line) <= _LONGEST_WALL and bool(_WALL.match(line))


def is_filler(line: str) -> bool:
    """Say whether ``line`` is one of a site's own, whatever the article is about."""
    if len(line) > _LONGEST:
        return False
    if announces_wall(line) or appeals(line):
        return True
    if any(said.match(line) for said in (_OTHER, _ADVERTISING, _OFFER)):
        return True
    return len(line) <= _LONGEST_FILLER and bool(_FILLER.fullmatch(line))

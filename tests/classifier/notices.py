"""Invented posts of one district: what is cut off where, chess, and who is hired.

A model of news takes the first two for good. The operators here want no notices of outages.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_STREETS = [
    "Садовая",
    "Полевая",
    "Заречная",
    "Кленовая",
    "Луговая",
    "Озёрная",
    "Яблоневая",
    "Тенистая",
    "Мельничная",
    "Сиреневая",
    "Вишнёвая",
    "Песчаная",
    "Родниковая",
    "Ольховая",
    "Рябиновая",
    "Каштановая",
    "Школьная",
    "Берёзовая",
    "Солнечная",
]
_SUPPLIES = ("горячую воду", "холодную воду", "электричество", "газ", "отопление")
_REASONS = (
    "из-за ремонта труб",
    "на время испытаний сети",
    "из-за замены кабеля",
    "для проверки котельной",
    "из-за аварии на подстанции",
    "пока меняют задвижку",
    "по просьбе энергетиков",
    "из-за прорыва магистрали",
)
_TIMES = (
    "с девяти утра до шести вечера",
    "на двое суток",
    "до конца недели",
    "в ночь на вторник",
    "на четыре часа",
    "завтра после обеда",
    "с понедельника по среду",
)
_ENDINGS = (
    "Жителям советуют запастись водой.",
    "Подвезут цистерны.",
    "Школы и детские сады это не затронет.",
    "Диспетчер отвечает на звонки круглосуточно.",
    "Работы ведёт городская бригада.",
    "Лифты в это время стоят.",
    "Перерасчёт сделают сами.",
    "Если погода не подведёт, закончат раньше.",
)
_VILLAGES = [
    "Заозёрск",
    "Речной",
    "Ольховка",
    "Липки",
    "Каменка",
    "Луговое",
    "Северный",
    "Дубрава",
    "Ключи",
]
_CHESS = [
    "слон",
    "ладья",
    "ферзь",
    "конь",
    "пешка",
    "гамбит",
    "эндшпиль",
    "рокировка",
    "мат",
    "пат",
    "цейтнот",
    "дебют",
    "партия",
    "жертва",
    "ничья",
    "блиц",
    "рапид",
    "жеребьёвка",
    "тур",
    "этюд",
]
_TRADES = [
    "токаря",
    "сварщика",
    "повара",
    "швею",
    "водителя",
    "бухгалтера",
    "медсестру",
    "воспитателя",
    "электрика",
    "плотника",
    "агронома",
    "слесаря",
    "библиотекаря",
    "почтальона",
    "кладовщика",
]


def outages(count: int, seed: int) -> list[str]:
    """Return notices of what will be cut off, where and when."""
    return _said(count, seed, _outage)


def chess(count: int, seed: int) -> list[str]:
    """Return results of village chess."""
    return _said(count, seed, _match)


def vacancies(count: int, seed: int) -> list[str]:
    """Return offers of work that shout a little."""
    return _said(count, seed, _vacancy)


def _said(count: int, seed: int, one: Callable[[random.Random], str]) -> list[str]:
    chance = random.Random(seed)
    return [one(chance) for _ in range(count)]


def _outage(chance: random.Random) -> str:
    first, second, third = chance.sample(_STREETS, 3)
    what, why, when = (chance.choice(words) for words in (_SUPPLIES, _REASONS, _TIMES))
    ending = " ".join(chance.sample(_ENDINGS, 2))
    forms = (
        f"На улице {first} отключат {what} {why}: {when}. Коснётся и улицы {second}. {ending}",
        f"Планово отключат {what} в домах по улицам {first} и {second}, {when}, {why}. {ending}",
        f"Отключение: {what} не дадут улицам {first}, {second}, {third} {when}, {why}. {ending}",
    )
    return chance.choice(forms)


def _match(chance: random.Random) -> str:
    (first, second, third), (here, there) = chance.sample(_CHESS, 3), chance.sample(_VILLAGES, 2)
    who = chance.choice(("юниоры", "ветераны", "школьники", "студенты"))
    how = chance.choice(("лидирует", "выиграл", "проиграл", "отложил партию"))
    forms = (
        f"Шахматный клуб посёлка {here}: {first}, {second} и {third} решили встречу с {there}.",
        f"{who.capitalize()} из посёлка {here} сыграли {chance.randint(3, 19)} партий, на "
        f"доске {first} и {second}; {third} разбирали шахматисты посёлка {there}.",
        f"На турнире в посёлке {here} {how} гость из посёлка {there}; {first} и {second} "
        f"разменяны, {third} остаётся.",
    )
    return chance.choice(forms)


def _vacancy(chance: random.Random) -> str:
    (first, second), (here, there) = chance.sample(_TRADES, 2), chance.sample(_VILLAGES, 2)
    pay = chance.randint(30, 150)
    forms = (
        f"Срочно ищем {first} в посёлок {here}! Оплата {pay} тысяч, обеды бесплатно. Пишите в "
        f"личные сообщения, возьмём и {second} из посёлка {there}.",
        f"Вакансия недели: приглашаем {first}, можно без опыта. Доход до {pay} тысяч, {here} или "
        f"{there} на выбор. Пригласим и {second}. Звоните!",
    )
    return chance.choice(forms)

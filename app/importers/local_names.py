"""Which of a settlement's spellings is its name in the script of its country.

The gazetteer says of no spelling which language it is in: `Маскав` (Tajik) stands beside `Москва`. A spelling counts where it alone is
written in the alphabet of the country's first language, or where it alone sounds as the name does. Where that is not plain there is no
local name: a wrong one on a map is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.words import fold

_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщьюя"
_ALPHABETS: dict[str, str] = {
    "am": "\u1200-\u137f", "ti": "\u1200-\u137f",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
    "be": _CYRILLIC.replace("и", "і").replace("щ", "") + "ёыэў'",
    "bg": _CYRILLIC + "ъ",
    "bn": "\u0980-\u09ff",
    "dz": "\u0f00-\u0fff",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئء",
    "he": "\u05d0-\u05ea",
    "hy": "\u0531-\u0587",
    "ja": "\u3040-\u30ff\u4e00-\u9fff々",
    "ka": "\u10d0-\u10f0",
    "kk": _CYRILLIC + "ёъыэәғқңөұүһі",
    "km": "\u1780-\u17ff",
    "ko": "\uac00-\ud7a3",
    "ky": _CYRILLIC + "ёъыэңөү",
    "lo": "\u0e80-\u0eff",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "mn": _CYRILLIC + "ёъыэөү",
    "my": "\u1000-\u109f",
    "ne": "\u0900-\u097f", "hi": "\u0900-\u097f",
    "ru": _CYRILLIC + "ёъыэ",
    "si": "\u0d80-\u0dff",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "th": "\u0e00-\u0e7f",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’",
    "ur": "آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھیےئء",
    "zh": "\u4e00-\u9fff",
}  # fmt: skip
"""The letters of languages whose script is not Latin, as the inside of a regular expression's class."""
_FITTING = {language: re.compile(f"[{letters}\\s-]+") for language, letters in _ALPHABETS.items()}

_SOUNDS = str.maketrans({
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэюяёіїєґўђјљњћџқғҳҷѓќѕ", ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "sh", "i", "e", "u", "a", "e", "i", "i", "e", "g", "u", "d", "i", "l", "n", "c", "d", "k", "g", "h", "j", "g", "k", "z"], strict=True)),
    **dict(zip("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی", ["a", "b", "p", "t", "s", "j", "c", "h", "kh", "d", "d", "r", "z", "zh", "s", "sh", "s", "d", "t", "z", "a", "gh", "f", "k", "k", "g", "l", "m", "n", "u", "h", "i"], strict=True)),
    **dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", ["a", "v", "g", "d", "e", "z", "i", "t", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "i", "f", "ch", "ps", "o"], strict=True)),
    **dict(zip("אבגדהוזחטיכלמנסעפצקרשתםןךףץ", ["a", "b", "g", "d", "h", "u", "z", "h", "t", "i", "k", "l", "m", "n", "s", "a", "p", "ts", "k", "r", "sh", "t", "m", "n", "k", "f", "ts"], strict=True)),
    **dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", ["a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p", "zh", "r", "s", "t", "u", "p", "k", "gh", "k", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h"], strict=True)),
    **dict(zip("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ", ["a", "b", "g", "d", "e", "z", "e", "e", "t", "zh", "i", "l", "kh", "ts", "k", "h", "dz", "gh", "ch", "m", "i", "n", "sh", "o", "ch", "p", "j", "r", "s", "v", "t", "r", "ts", "u", "p", "k", "o", "f"], strict=True)),
    "ь": "", "ъ": "",
})  # fmt: skip
_LATIN = str.maketrans({"q": "k", "c": "k", "y": "i", "w": "u", "o": "u", "e": "i"})
_VOWELLESS = frozenset({"ar", "fa", "ur", "he"})
_SELDOM = frozenset("ثذصضطظو")
"""Letters of older and of spoken forms: Tehran is تهران, was طهران, and is called تهرون."""
_ONE_SCRIPT = {"zh-CN": "gb2312", "zh-TW": "big5"}
"""Character sets that have only the characters in use there."""
_KINDS = re.compile("(?<=..)(市|县|縣|区|區|镇|鎮)$")
"""What kind of a place it is, which Chinese names end with, or not."""


def local_name(name: str, alternates: Iterable[str], languages: str) -> str | None:
    """The alternate that is the name in the script of a country, of whose languages (`fa-AF,ps`) the first counts.

    >>> local_name("Kirov", ["Kirow", "Киров", "Кіров"], "ru"), local_name("Lyon", ["Лион"], "fr-FR")
    ('Киров', None)
    """
    first = languages.split(",", maxsplit=1)[0]
    language = first.split("-")[0]
    if language not in _FITTING:
        return None
    # Most spellings are Latin, which costs nothing to see.
    fitting = [one for one in alternates if not one.isascii() and _FITTING[language].fullmatch(one.lower())]
    if charset := _ONE_SCRIPT.get(first):
        short = (_KINDS.sub("", one) for one in fitting if _encodable(one, charset))
        # One character is an abbreviation, as on number plates.
        fitting = [one for one in short if len(one) > 1]
    different = list({fold(one): one for one in reversed(fitting)}.values())
    if len(different) > 1:
        wanted = _heard(fold(name), language)
        different = [one for one in different if _heard(fold(one), language) == wanted]
    # Of spellings with more and with fewer vowels the one with fewer is the usual one: کابل and کابول, Kabul.
    if len(different) == 1 or language in _VOWELLESS:
        return min(different, key=lambda one: (len(one), len(_SELDOM & set(one))), default=None)
    return None


def _heard(folded: str, language: str) -> str:
    """A folded word by its sounds, without vowels where the script has few."""
    sounds = folded.translate(_SOUNDS).translate(_LATIN)
    return re.sub("[aiu]", "", sounds) if language in _VOWELLESS else sounds


def _encodable(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True

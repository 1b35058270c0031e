"""Tell in which language a message is written.

The script decides where it can; among languages of one script eldc does, helped in short messages by a lexicon of
greetings and function words and by the language that the reader is known to use.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from threading import Lock

LEXICON = Path(__file__).with_suffix(".yaml")
LONGEST = 2000  # characters read
LIKELY = 0.85  # what a word of the lexicon counts, beside eldc's scores of 0 to 1

_lock = Lock()  # eldc keeps its scores in one place

_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+"  # addresses
    r"|(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*(?![A-Za-z0-9])"  # 1001, BAG-0012, 15cm
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_SCRIPTS = {
    "HANGUL": "ko",
    "THAI": "th",
    "HEBREW": "he",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "LAO": "lo",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "ETHIOPIC": "am",
}
_KANA = {"HIRAGANA", "KATAKANA"}
_EAST = {"CJK", "HANGUL", *_KANA}
_OURS = {"en", "es", "pt", "fr", "de", "it", "tr"}

_JAPANESE = "[変売円図気対発価検経済単読転駅広権県総続込働払届覧歴択応様帰戻]"  # Chinese writes these otherwise
_CHINESE = "[的了吗呢吧我你您他她们这那哪怎么什请谢给没还是不]"
_CUES = {"pt": "[ãõ]|ção|lh|nh|[êôâ]", "es": "ñ|ción|ll|[^aeo]ue", "de": "ß|[äöü]", "tr": "[ığş]", "fr": "[èœ]|ê"}


def identify(text: str, fallback: str) -> str:
    """Return the BCP 47 code of the language that most of a text is in, or `fallback` where it has no words."""
    text = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST]))
    words = _WORD.findall(text)
    scripts = _weighed(words)
    if not scripts:
        return fallback
    script = max(scripts, key=lambda name: scripts[name])
    if script in _EAST:
        return _eastern(text, scripts, fallback)
    if script in _SCRIPTS:
        return _SCRIPTS[script]
    mine = [word for word in words if _script(word[0]) == script]
    if script == "CYRILLIC":
        return _cyrillic(mine)
    if script == "ARABIC":
        return _arabic(mine, fallback)
    return _latin(mine, fallback) if script == "LATIN" else _detected(mine, fallback)


def _weighed(words: list[str]) -> Counter[str]:
    """How much is in each script: a word counts one, an eastern letter too; a name in another script little."""
    weights: Counter[str] = Counter()
    for word in words:
        found = Counter(_script(letter) for letter in word)
        for script, letters in found.items():
            weights[script] += letters * 100 if script in _EAST else 100
    if len(weights) > 1 and "LATIN" in weights:
        names = sum(100 for word in words if word[0].isupper() and _script(word[0]) == "LATIN")
        weights["LATIN"] -= names * 7 // 10
    return weights


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0].split("-")[0]


def _eastern(text: str, scripts: Counter[str], fallback: str) -> str:
    kana = sum(scripts[name] for name in _KANA)
    if scripts["HANGUL"] > kana + scripts["CJK"]:
        return "ko"
    if kana:
        return "ja"
    if scripts["HANGUL"]:
        return "ko"
    if re.search(_CHINESE, text):
        return "zh"
    return "ja" if fallback == "ja" or re.search(_JAPANESE, text) else "zh"  # 注文 is both


def _cyrillic(words: list[str]) -> str:
    text = " ".join(words).lower()
    for letters, language in (("іїєґ", "uk"), ("ў", "be"), ("јљњђћџ", "sr"), ("ыэё", "ru")):
        if any(letter in text for letter in letters):
            return _detected(words, language) if language == "uk" and "ы" in text else language
    scores = _scores(text)
    best = max(scores, key=lambda name: scores[name], default="ru")
    known = best in {"uk", "bg", "sr", "be"} and len(words) > 3
    return best if known and scores[best] - scores.get("ru", 0.0) > 0.02 else "ru"


def _arabic(words: list[str], fallback: str) -> str:
    text = " ".join(words)
    best = _detected(words, fallback)
    if best in {"fa", "ur", "ku"} and (best == fallback or re.search("[پچژکیےٹڈںہ]", text)):
        return best
    return "ar"


def _latin(words: list[str], fallback: str) -> str:
    """Return the language with the highest sum of eldc's score, words of the lexicon, and what is usual here."""
    lower = [word.lower().replace("’", "'") for word in words]
    telling = [word for word in lower if "international" not in _lexicon().get(word, ())]
    if not telling or all(len(word) == 1 for word in telling):
        return fallback
    scores = defaultdict(float, _scores(" ".join(words)))
    for word in telling:
        for language in _lexicon().get(word, ()):
            scores[language] += LIKELY / len(telling)
    for language, cue in _CUES.items():
        if re.search(cue, " ".join(lower)):
            scores[language] += 0.1
    for language in _OURS:
        scores[language] += 0.3 / (len(telling) + 1)
    scores[fallback] += 0.3 / (len(telling) + 1)
    return max(scores, key=lambda name: scores[name])


@cache
def _lexicon() -> dict[str, list[str]]:
    """Return the languages of each known word; `international` stands for any."""
    import yaml

    languages: dict[str, list[str]] = {}
    for language, words in yaml.safe_load(LEXICON.read_text(encoding="utf-8")).items():
        for word in words.split():
            languages.setdefault(word, []).append(language)
    return languages


def _detected(words: list[str], fallback: str) -> str:
    scores = _scores(" ".join(words))
    return max(scores, key=lambda name: scores[name], default=fallback)


def _scores(text: str) -> dict[str, float]:
    with _lock:
        details = _ready()(text)
        return {} if details.language == "und" else dict(details.scores)


@cache
def _ready():  # type: ignore[no-untyped-def]
    import eldc

    eldc.init()
    eldc.set_scores(min(12, eldc.MAX_SCORES))
    return eldc.detect_details

"""Compose titles and descriptions in twelve languages from translated nouns and phrases."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml

from shop.wording import LANGUAGES

GOODS = Path(__file__).parent / "goods"
AUDIENCES = ("women", "men", "kids")

_GENDERS = {"": 0, "f": 1, "mp": 2, "n": 2, "fp": 3, "p": 3}
_MEASURE = re.compile(r"([\d.]+) ([A-Za-z]+)")
_COMMA = {"zh": "、", "ja": "、", "ar": "، "}
_COLON = {"zh": "：", "ja": "：", "fr": "\u00a0: "}
_STOP = {"zh": "。", "ja": "。"}
_BEFORE_BRAND = {
    "en": " by ",
    "es": " de ",
    "pt": " da marca ",
    "fr": " de la marque ",
    "de": " von ",
    "it": " di ",
    "ru": " от ",
    "ar": " من ",
}
_AFTER_BRAND = {"zh": "", "ja": "の", "ko": " ", "tr": " "}
_DECIMAL_COMMA = ("es", "pt", "fr", "de", "it", "ru", "tr")


class CatalogueError(ValueError):
    """A written catalogue file breaks a rule; the sentence names the file's key and the rule."""


@dataclass(frozen=True)
class Words:
    """Translated words by key; each tuple is in the order of LANGUAGES."""

    units: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, tuple[str, ...]]
    materials: Mapping[str, tuple[str, ...]]
    audiences: Mapping[str, tuple[str, ...]]
    features: Mapping[str, tuple[str, ...]]
    colour_phrases: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """What sets one product of a kind apart: measures, raw marks, features, material, colour."""

    specs: tuple[str, ...]
    features: tuple[str, ...]
    material: str | None
    colour: str | None


@dataclass(frozen=True)
class Wording:
    """Pieces around brand, specs and colour, per language; a product only joins them."""

    head: tuple[str, ...]
    tail: tuple[str, ...]
    opening: tuple[str, ...]
    subject: tuple[str, ...]
    details: tuple[str, ...]
    closing: tuple[str, ...]


def read(name: str) -> object:
    """Read one YAML file of the written catalogue."""
    with (GOODS / f"{name}.yaml").open(encoding="utf-8") as file:
        return cast(object, yaml.load(file, Loader=yaml.CSafeLoader))


def twelve(values: object, where: str) -> tuple[str, ...]:
    """Check that a list has one text per language."""
    if (
        not isinstance(values, list)
        or len(values) != len(LANGUAGES)
        or not all(isinstance(v, str) and v for v in values)
    ):
        raise CatalogueError(f"{where}: twelve texts are needed, one per language.")
    return tuple(values)


@lru_cache(maxsize=1)
def words() -> Words:
    """Read the translated units, colours, materials and features."""
    page = cast(dict[str, dict[str, object]], read("words"))
    sections = {
        name: {key: twelve(value, f"words.yaml {key}") for key, value in page[name].items()}
        for name in ("units", "colours", "materials", "audiences", "features")
    }
    return Words(**sections, colour_phrases=twelve(page["colour_phrases"], "words.yaml colour_phrases"))


def parse_model(text: str, where: str) -> Model:
    """Read "40 L, waterproof, nylon, navy"; a word not in words.yaml must have a digit or a capital."""
    specs, features, material, colour = [], [], None, None
    for token in (part.strip() for part in text.split(",")):
        if token in words().features:
            features.append(token)
        elif token in words().materials:
            material = token
        elif token in words().colours:
            colour = token
        elif measure(token) or re.search(r"[\dA-Z]", token):
            specs.append(token)
        else:
            raise CatalogueError(f"{where}: {token!r} is not in words.yaml.")
    features.sort(key=lambda feature: feature not in AUDIENCES)
    return Model(tuple(specs), tuple(features), material, colour)


def measure(spec: str) -> tuple[float, str] | None:
    """Split "40 L" into number and unit; a raw mark such as "IP68" is none."""
    match = _MEASURE.fullmatch(spec)
    return (float(match[1]), match[2]) if match and match[2] in words().units else None


def noun(name: str) -> tuple[str, int]:
    """Split "mochila/f" into the noun and the number of its gender class."""
    text, _, gender = name.partition("/")
    return text, _GENDERS[gender]


def wording(
    names: tuple[str, ...], model: Model, own_material: str | None, use: tuple[str, ...], is_coloured: bool
) -> Wording:
    """Prepare the pieces of one model's titles and descriptions in all languages."""
    pieces = []
    for index, language in enumerate(LANGUAGES):
        name, gender = noun(names[index])
        features = [_form(words().features[f][index], language, gender) for f in model.features]
        material = _form(words().materials[model.material][index], language, gender) if model.material else ""
        spoken = material or (_form(words().materials[own_material][index], language, gender) if own_material else "")
        audience = len([f for f in model.features if f in AUDIENCES])
        audiences = [words().audiences[f][index] for f in model.features[:audience]]
        head, tail = _title(language, name, material, features, audience)
        pieces.append(
            (
                head,
                tail,
                *_description(language, name, [*audiences, *features[audience:], *filter(None, [spoken])], is_coloured),
                _STOP.get(language, ".") + ("" if language in _STOP else " ") + use[index],
            )
        )
    return Wording(*zip(*pieces, strict=True))


def spec_texts(specs: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the specs as they stand in a title and in a description, per language."""
    title, text = [], []
    for index, language in enumerate(LANGUAGES):
        parts = [_written(spec, index, language) for spec in specs]
        comma = {"zh": "，", "ja": "、", "ar": "، "}.get(language, ", ")
        between = " " if language in ("zh", "ja", "ko") else comma
        title.append(" " + between.join(parts) if parts else "")
        text.append("".join(comma + part for part in parts))
    return tuple(title), tuple(text)


def colour_texts(colour: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the colour as it stands in a title and in a description, per language."""
    if colour is None:
        return ("",) * len(LANGUAGES), ("",) * len(LANGUAGES)
    named = tuple(
        phrase.format(c=name) for phrase, name in zip(words().colour_phrases, words().colours[colour], strict=True)
    )
    glue = {"zh": " ", "ja": " ", "ko": " ", "ar": "، "}
    return tuple(glue.get(language, ", ") + name for language, name in zip(LANGUAGES, named, strict=True)), named


def _written(spec: str, index: int, language: str) -> str:
    found = measure(spec)
    if found is None:
        return spec
    number = f"{found[0]:g}" if found[0] < 100_000 else str(int(found[0]))
    if language in _DECIMAL_COMMA:
        number = number.replace(".", ",")
    return words().units[found[1]][index].format(n=number)


def _form(variants: str, language: str, gender: int) -> str:
    forms = variants.split("|")
    if len(forms) == 2:
        return forms[gender > 0] if language == "ar" else forms[gender > 1]
    return forms[gender] if len(forms) == 4 else forms[0]


def _title(language: str, name: str, material: str, features: list[str], audience: int) -> tuple[str, str]:
    match language:
        case "zh":
            return "".join([*features, material, name]), ""
        case "ja" | "ko":
            return " ".join(filter(None, [*features, material, name])), ""
        case "tr":
            return _capitals(" ".join(filter(None, [*features, material, name])), language), ""
        case "en":
            head = _capitals(" ".join(filter(None, [*features[:audience], material, name])), language)
            return head, "".join(f", {feature}" for feature in features[audience:])
    head = " ".join(filter(None, [name[:1].upper() + name[1:], material]))
    return head, "".join(_COMMA.get(language, ", ") + feature for feature in features)


def _capitals(text: str, language: str) -> str:
    upper = {"i": "İ"} if language == "tr" else {}
    return " ".join(upper.get(word[:1], word[:1].upper()) + word[1:] for word in text.split(" "))


def _description(language: str, name: str, details: list[str], is_coloured: bool) -> tuple[str, str, str]:
    comma, colon = _COMMA.get(language, ", "), _COLON.get(language, ": ")
    listed = colon + comma.join(details) if details else ""
    if is_coloured:
        listed += comma if details else colon
    if language in _AFTER_BRAND:
        return "", _AFTER_BRAND[language] + name, listed
    return name[:1].upper() + name[1:] + _BEFORE_BRAND[language], "", listed

"""Assemble products from the models of a kind: written ones as they stand, further ones as brand lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import zip_longest
from typing import TypeVar, cast
from zlib import crc32

from shop.demo.draft import Draft
from shop.demo.figures import attributes, bulk, euros, minor_units
from shop.demo.kinds import Brand, Kind, all_kinds, by_slug, shares_one_measure
from shop.demo.titles import Model, Wording, colour_texts, read, spec_texts, wording
from shop.wording import LANGUAGES

T = TypeVar("T")
Texts = dict[str, str]

_LINES = ("Alto", "Nova", "Terra", "Vento", "Lumo", "Kora", "Prima", "Solis", "Mira", "Tempo", "Orbita")
_LONGEST_LISTED = 900
_BITS = 0xFFFFFFFF

_specs = lru_cache(maxsize=4096)(spec_texts)
_colour = lru_cache(maxsize=64)(colour_texts)


@dataclass(frozen=True)
class Template:
    """A model of a kind, prepared once, that products are made from."""

    kind: Kind
    place: int
    model: Model
    wording: Wording
    attributes: Mapping[str, str]
    euros: float
    weight_g: int
    size_mm: tuple[int, int, int]


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """Prepare all written models, taking the categories in turn so that any prefix is a mixed shop."""
    by_category: dict[str, list[list[Template]]] = {}
    for kind in all_kinds():
        prepared = [_prepare(kind, place, model) for place, model in enumerate(kind.models)]
        by_category.setdefault(kind.category.code, []).append(prepared)
    return tuple(_in_turn([list(_in_turn(kinds)) for kinds in by_category.values()]))


def written(template: Template, currencies: Mapping[str, str], serials: dict[str, int]) -> Draft:
    """Make the product that stands in the files; `serials` counts the SKUs of each category."""
    kind, place = template.kind, template.place
    brand = _of(kind.brands, crc32(kind.slug.encode()) + place)
    colour = template.model.colour or _colour_of(kind, place)
    draft = _draft(template, brand, brand.name, colour, 1.0, currencies, serials)
    plant = _hostile_texts().get((kind.slug, place))
    return draft if plant is None else _planted(draft, *plant)


def further(template: Template, turn: int, currencies: Mapping[str, str], serials: dict[str, int]) -> Draft:
    """Make the `turn`-th further product of a model: another brand line, colour and perhaps size."""
    kind, place = template.kind, template.place
    number = turn * len(kind.models) + place
    brand = _of(kind.brands, place + turn)
    name = f"{brand.name} {_of(_LINES, turn)} {100 + number}"
    resized = _resized(kind.slug, place, (place + turn) % len(kind.models)) or template
    colour = _colour_of(kind, place + turn) or template.model.colour
    return _draft(resized, brand, name, colour, 0.85 + 0.4 * _share(number, 7), currencies, serials)


def _in_turn(rows: list[list[T]]) -> Iterator[T]:
    return (item for column in zip_longest(*rows) for item in column if item is not None)


def _prepare(kind: Kind, place: int, model: Model) -> Template:
    is_coloured = model.colour is not None or bool(kind.colours)
    words = wording(kind.names, model, kind.material, kind.category.use, is_coloured)
    return Template(kind, place, model, words, attributes(kind, model), euros(kind, model), *bulk(kind, model))


def _of(row: tuple[T, ...], number: int) -> T:
    return row[number % len(row)]


def _colour_of(kind: Kind, number: int) -> str | None:
    return _of(kind.colours, number) if kind.colours else None


def _draft(
    template: Template,
    brand: Brand,
    name: str,
    colour: str | None,
    dearness: float,
    currencies: Mapping[str, str],
    serials: dict[str, int],
) -> Draft:
    kind = template.kind
    prefix = kind.category.prefix
    serials[prefix] += 1
    sku = f"{prefix}-{serials[prefix]:04d}"
    chance = crc32(sku.encode())
    currency = currencies[brand.shop]
    titles, descriptions = _texts(template.wording, name, template.model.specs, colour)
    origin = _of(kind.origins, template.place) if kind.origins else brand.origin
    return Draft(
        sku,
        brand.shop,
        brand.name,
        kind.category.code,
        kind.slug,
        minor_units(template.euros * brand.tier * dearness, currency),
        currency,
        template.weight_g,
        template.size_mm,
        origin,
        kind.hs_code,
        {**template.attributes, "colour": colour} if colour else template.attributes,
        titles,
        descriptions,
        1 + int(_LONGEST_LISTED * _share(chance, 1)),
        round((1 - _share(chance, 2)) ** (-1 / 1.2), 3),
        round(3.2 + 1.6 * (1 - (1 - _share(chance, 3)) ** 2), 2),
    )


def _texts(words: Wording, name: str, specs: tuple[str, ...], colour: str | None) -> tuple[Texts, Texts]:
    in_title, in_text = _specs(specs)
    colour_title, colour_text = _colour(colour)
    titles = [
        f"{name} {head}{spec}{tail}{shade}"
        for head, spec, tail, shade in zip(words.head, in_title, words.tail, colour_title, strict=True)
    ]
    texts = [
        f"{opening}{name}{subject}{spec}{details}{shade}{closing}"
        for opening, subject, spec, details, shade, closing in zip(
            words.opening, words.subject, in_text, words.details, colour_text, words.closing, strict=True
        )
    ]
    return dict(zip(LANGUAGES, titles, strict=True)), dict(zip(LANGUAGES, texts, strict=True))


def _planted(draft: Draft, field: str, text: str) -> Draft:
    if field == "title":
        return replace(draft, titles={k: f"{v} {text}" for k, v in draft.titles.items()}, hostile=True)
    return replace(draft, descriptions={**draft.descriptions, "en": f"{draft.descriptions['en']} {text}"}, hostile=True)


@lru_cache(maxsize=1)
def _hostile_texts() -> dict[tuple[str, int], tuple[str, str]]:
    plants = cast(list[dict[str, str]], read("hostile"))
    models = {kind.slug: len(kind.models) for kind in all_kinds()}
    return {(plant["kind"], models[plant["kind"]] - 1): (plant["field"], plant["text"]) for plant in plants}


@cache
def _resized(slug: str, place: int, other: int) -> Template | None:
    """Give a model the size of its sibling, if all models of the kind differ in one and the same measure."""
    kind = by_slug()[slug]
    if not shares_one_measure(kind):
        return None
    return _prepare(kind, place, replace(kind.models[place], specs=kind.models[other].specs))


def _share(number: int, salt: int) -> float:
    """Hash a number to [0, 1): the same on every machine, and cheap."""
    mixed = (number * 0x9E3779B1 + salt * 0x85EBCA6B) & _BITS
    mixed = ((mixed ^ mixed >> 16) * 0x7FEB352D) & _BITS
    mixed = ((mixed ^ mixed >> 15) * 0x846CA68B) & _BITS
    return (mixed ^ mixed >> 16) / 2**32

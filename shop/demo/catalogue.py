"""The demo shops' catalogue: written kinds of goods, composed into products, and as many further ones as asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice, zip_longest
from itertools import count as numbers
from typing import TypeVar, cast
from zlib import crc32

from shop.demo.kinds import (
    Brand,
    Kind,
    all_categories,
    all_kinds,
    attributes,
    bulk,
    euros,
    minor_units,
    shares_one_measure,
)
from shop.demo.titles import Model, Wording, colour_texts, read, spec_texts, wording
from shop.wording import LANGUAGES

T = TypeVar("T")

_LINES = ("Alto", "Nova", "Terra", "Vento", "Lumo", "Kora", "Prima", "Solis", "Mira", "Tempo", "Orbita")
_BIT_MASK = 0xFFFFFFFF
_LONGEST_LISTED = 900


@dataclass(frozen=True, slots=True)
class Draft:
    """One product before it is in the database.

    `price_minor` is in minor units of `currency`; `size_mm` is length, width, height; `origin` ISO 3166; `titles` and
    `descriptions` have one text per language; `popularity` has a heavy tail (median about 1.8); `rating_bias` is the
    mean of the stars it tends to get; `hostile` marks texts that try to give orders to a language model.
    """

    sku: str
    shop: str
    brand: str
    category: str
    kind: str
    price_minor: int
    currency: str
    weight_g: int
    size_mm: tuple[int, int, int]
    origin: str
    hs_code: str
    attributes: Mapping[str, str]
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    listed_days_ago: int
    popularity: float
    rating_bias: float
    hostile: bool = False


@dataclass(frozen=True)
class CategoryDraft:
    """A category: its code, its name and a few everyday search words per language."""

    code: str
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class WarehouseDraft:
    """Where a shop keeps its goods."""

    city: str
    country: str


@dataclass(frozen=True)
class ShopDraft:
    """A merchant's shop; the first warehouse is the main one."""

    code: str
    name: str
    country: str
    currency: str
    timezone: str
    warehouses: tuple[WarehouseDraft, ...]
    carriers: tuple[str, ...]


@dataclass(frozen=True)
class _Template:
    """A written model of a kind, prepared once, that products are made from."""

    kind: Kind
    place: int
    model: Model
    wording: Wording
    attributes: Mapping[str, str]
    weight_g: int
    size_mm: tuple[int, int, int]


def drafts(count: int | None = None) -> Iterator[Draft]:
    """Yield the products in a fixed order: the written ones, then further models up to `count`, one at a time.

    Without a count the written catalogue is all. The order mixes the categories; the further products are new brand
    lines, sizes and colours of the written kinds. Nothing is random, and memory does not grow with `count`.
    """
    templates, serials = _templates(), dict.fromkeys((c.prefix for c in all_categories()), 0)
    written = (_written(template, serials) for template in templates)
    further = (_further(template, turn, serials) for turn in numbers(1) for template in templates)
    return islice(written if count is None else chain(written, further), count)


@lru_cache(maxsize=1)
def categories() -> tuple[CategoryDraft, ...]:
    """Give the fourteen categories."""
    return tuple(CategoryDraft(c.code, dict(zip(LANGUAGES, c.names, strict=True)),
                               dict(zip(LANGUAGES, c.words, strict=True))) for c in all_categories())


@lru_cache(maxsize=1)
def shops() -> tuple[ShopDraft, ...]:
    """Give the five shops, in the order of their ids."""
    page = cast(dict[str, list[dict[str, str]]], read("shops"))["shops"]
    places = cast(dict[str, list[dict[str, list[tuple[str, str]]]]], read("shops"))["shops"]
    return tuple(ShopDraft(shop["code"], shop["name"], shop["country"], shop["currency"], shop["timezone"],
                           tuple(WarehouseDraft(city, country) for city, country in place["warehouses"]),
                           tuple(shop["carriers"])) for shop, place in zip(page, places, strict=True))


@lru_cache(maxsize=1)
def _templates() -> tuple[_Template, ...]:
    """Prepare all written models, taking the categories in turn so that any prefix is a mixed shop."""
    by_category: dict[str, list[list[_Template]]] = {}
    for kind in all_kinds():
        prepared = [_prepare(kind, place) for place in range(len(kind.models))]
        by_category.setdefault(kind.category.code, []).append(prepared)
    columns = [list(_in_turn(kinds)) for kinds in by_category.values()]
    return tuple(_in_turn(columns))


def _in_turn(rows: list[list[T]]) -> Iterator[T]:
    return (item for column in zip_longest(*rows) for item in column if item is not None)


def _prepare(kind: Kind, place: int) -> _Template:
    model = kind.models[place]
    is_coloured = model.colour is not None or bool(kind.colours)
    weight_g, size_mm = bulk(kind, model)
    return _Template(kind, place, model, wording(kind.names, model, kind.material, kind.category.use, is_coloured),
                     attributes(kind, model), weight_g, size_mm)


def _written(template: _Template, serials: dict[str, int]) -> Draft:
    kind, model = template.kind, template.model
    brand = kind.brands[(crc32(kind.slug.encode()) + template.place) % len(kind.brands)]
    colour = model.colour or (kind.colours[template.place % len(kind.colours)] if kind.colours else None)
    draft = _draft(template, serials, brand, brand.name, colour, 1.0)
    plant = _hostile_texts().get((kind.slug, template.place))
    return draft if plant is None else _planted(draft, *plant)


def _further(template: _Template, turn: int, serials: dict[str, int]) -> Draft:
    kind = template.kind
    number = turn * len(kind.models) + template.place
    brand = kind.brands[(template.place + turn) % len(kind.brands)]
    colour = kind.colours[(template.place + turn) % len(kind.colours)] if kind.colours else template.model.colour
    name = f"{brand.name} {_LINES[turn % len(_LINES)]} {100 + number}"
    if _can_swap(kind.slug):
        template = _sibling(kind, template.place, (template.place + turn) % len(kind.models))
    return _draft(template, serials, brand, name, colour, 0.85 + 0.4 * _share(number, 7))


def _draft(template: _Template, serials: dict[str, int], brand: Brand, name: str, colour: str | None,
           dearness: float) -> Draft:
    kind, model = template.kind, template.model
    prefix = kind.category.prefix
    serials[prefix] += 1
    sku = f"{prefix}-{serials[prefix]:04d}"
    chance = crc32(sku.encode())
    currency = _currencies()[brand.shop]
    titles, descriptions = _texts(template.wording, name, model.specs, colour)
    origin = kind.origins[template.place % len(kind.origins)] if kind.origins else brand.origin
    return Draft(
        sku, brand.shop, brand.name, kind.category.code, kind.slug,
        minor_units(euros(kind, model, brand) * dearness, currency), currency,
        template.weight_g, template.size_mm, origin, kind.hs_code,
        {**template.attributes, "colour": colour} if colour else template.attributes, titles, descriptions,
        1 + int(_LONGEST_LISTED * _share(chance, 1)), round((1 - _share(chance, 2)) ** (-1 / 1.2), 3),
        round(3.2 + 1.6 * (1 - (1 - _share(chance, 3)) ** 2), 2),
    )


def _texts(words: Wording, name: str, specs: tuple[str, ...], colour: str | None) -> tuple[dict[str, str], dict[str, str]]:
    in_title, in_text = _specs(specs)
    colour_title, colour_text = _colour(colour)
    titles = [f"{name} {head}{spec}{tail}{shade}" for head, spec, tail, shade in
              zip(words.head, in_title, words.tail, colour_title, strict=True)]
    texts = [f"{opening}{name}{subject}{spec}{details}{shade}{closing}" for
             opening, subject, spec, details, shade, closing in
             zip(words.opening, words.subject, in_text, words.details, colour_text, words.closing, strict=True)]
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


@lru_cache(maxsize=1)
def _currencies() -> dict[str, str]:
    return {shop.code: shop.currency for shop in shops()}


_specs = lru_cache(maxsize=4096)(spec_texts)
_colour = lru_cache(maxsize=64)(colour_texts)


@lru_cache(maxsize=1024)
def _can_swap(slug: str) -> bool:
    return next(shares_one_measure(kind) for kind in all_kinds() if kind.slug == slug)


@lru_cache(maxsize=8192)
def _sibling(kind: Kind, place: int, other: int) -> _Template:
    model = replace(kind.models[place], specs=kind.models[other].specs)
    is_coloured = model.colour is not None or bool(kind.colours)
    weight_g, size_mm = bulk(kind, model)
    return _Template(kind, place, model, wording(kind.names, model, kind.material, kind.category.use, is_coloured),
                     attributes(kind, model), weight_g, size_mm)


def _share(number: int, salt: int) -> float:
    """Hash a number to [0, 1): the same on every machine, and cheap."""
    mixed = (number * 0x9E3779B1 + salt * 0x85EBCA6B) & _BIT_MASK
    mixed = ((mixed ^ mixed >> 16) * 0x7FEB352D) & _BIT_MASK
    mixed = ((mixed ^ mixed >> 15) * 0x846CA68B) & _BIT_MASK
    return (mixed ^ mixed >> 16) / 2**32

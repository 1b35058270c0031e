"""Read the brands, the categories and the kinds of goods that the demo shops sell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from shop.demo.titles import CatalogueError, Model, measure, parse_model, read, twelve


@dataclass(frozen=True)
class Brand:
    """An invented brand, the shop that sells it, and how dear it is beside the others."""

    name: str
    shop: str
    origin: str
    tier: float
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """One of the fourteen categories; texts are in the order of LANGUAGES."""

    code: str
    prefix: str
    names: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    use: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of goods: its names, its customs heading, the figures of its first model, and its models."""

    slug: str
    category: Category
    names: tuple[str, ...]
    hs_code: str
    price: float
    weight: float
    size: tuple[float, float, float]
    material: str | None
    colours: tuple[str, ...]
    origins: tuple[str, ...]
    brands: tuple[Brand, ...]
    models: tuple[Model, ...]


@lru_cache(maxsize=1)
def brands() -> tuple[Brand, ...]:
    """Read the brands in the order of the file."""
    page = cast(dict[str, dict[str, tuple[str, str, float, list[str]]]], read("shops"))["brands"]
    return tuple(Brand(name, shop, origin, tier, tuple(sold)) for name, (shop, origin, tier, sold) in page.items())


@lru_cache(maxsize=1)
def all_categories() -> tuple[Category, ...]:
    """Read the categories in the order of the file."""
    page = cast(dict[str, dict[str, object]], read("categories"))
    return tuple(
        Category(
            code,
            str(entry["prefix"]),
            twelve(entry["names"], code),
            tuple(tuple(words) for words in cast(list[list[str]], entry["words"])),
            twelve(entry["use"], code),
        )
        for code, entry in page.items()
    )


@lru_cache(maxsize=1)
def all_kinds() -> tuple[Kind, ...]:
    """Read every kind of goods, category after category."""
    return tuple(kind for category in all_categories() for kind in _kinds_of(category))


@lru_cache(maxsize=1)
def by_slug() -> Mapping[str, Kind]:
    """Give the kinds of goods by their slug."""
    return {kind.slug: kind for kind in all_kinds()}


def shares_one_measure(kind: Kind) -> bool:
    """Tell whether the models differ in one measure of one unit, so that a new model may take a sibling's."""
    found = {
        measure(model.specs[0]) is not None and model.specs[0].split()[1] if len(model.specs) == 1 else False
        for model in kind.models
    }
    return len(found) == 1 and False not in found


def _kinds_of(category: Category) -> Iterator[Kind]:
    page = cast(dict[str, Mapping[str, object]], read(category.code))
    hostile = cast(list[dict[str, str]], read("hostile"))
    for slug, entry in page.items():
        price, weight, *size = cast(list[float], entry["base"])
        shops = cast(list[str] | None, entry.get("shops"))
        pool = tuple(
            brand for brand in brands() if category.code in brand.categories and (not shops or brand.shop in shops)
        )
        if not pool:
            raise CatalogueError(f"{category.code}.yaml {slug}: no brand sells it.")
        texts = str(entry["models"]).split("|") + [plant["model"] for plant in hostile if plant["kind"] == slug]
        material = cast(str | None, entry.get("material"))
        yield Kind(
            slug,
            category,
            twelve(entry["names"], slug),
            str(entry["hs"]),
            price,
            weight,
            (size[0], size[1], size[2]),
            material,
            tuple(cast(list[str], entry.get("colours", []))),
            tuple(cast(list[str], entry.get("origin", []))),
            pool,
            tuple(parse_model(text, f"{category.code}.yaml {slug}") for text in texts),
        )

"""What people like, known to nobody else: the utility of every product for every person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.demo.people import Person
from shop.demo.scene import dice
from shop.demo.wares import Wares

FACTORS = 8
CONSUMED = ("groceries", "beauty", "pets", "stationery")  # bought again and again
AT_HOME = 0.5  # log-odds for a shop of one's own customs union
FRESH_ABROAD = -2.6  # nobody has fruit sent around the world
WORTH_THE_WAY = 0.55  # log-odds per log of the price, abroad: freight eats cheap things
LEVELS = {"EUR": 1.0, "USD": 1.15, "CNY": 8.0, "JPY": 165.0}  # rough price levels, not exchange rates
_MINOR = {"JPY": 1}

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tastes:
    """`pull[u, p]`: how strongly product p draws person u (an odds, positive). `likeness[p, q]`: of two products."""

    pull: Floats
    likeness: Floats
    favourite: NDArray[np.int64]

    def near(self, product: int) -> Floats:
        """How well every product goes with one."""
        row: Floats = self.likeness[product]
        return row


def form(people: list[Person], goods: Wares) -> Tastes:
    """Draw tastes: categories (a few each), hidden style, price level, brands, home shops; products' popularity."""
    rng = dice("tastes")
    count, kinds = len(goods), goods.kind.max() + 1
    appetite = rng.dirichlet(np.full(len(goods.categories), 0.35), len(people)) + 0.012
    style_of_kind = rng.normal(size=(kinds, FACTORS))
    style_of_brand = rng.normal(size=(len(goods.brands), FACTORS))
    style = style_of_kind[goods.kind] + 0.6 * style_of_brand[goods.brand] + 0.5 * rng.normal(size=(count, FACTORS))
    style /= np.linalg.norm(style, axis=1, keepdims=True)
    wish = rng.normal(size=(len(people), FACTORS)) * 0.9
    tier = np.array([person.tier for person in people])
    popularity = 0.7 * np.log([draft.popularity for draft in goods.drafts])
    utility = (
        np.log(appetite)[:, goods.category]
        + wish @ style.T
        - 0.9 * (goods.price_level[None, :] - tier[:, None]) ** 2
        + rng.normal(0, 0.8, (len(people), len(goods.brands)))[:, goods.brand]
        + _home(people, goods)
        + popularity[None, :]
    )
    utility -= utility.max(axis=1, keepdims=True)
    pull = np.exp(utility).astype(np.float32)
    return Tastes(pull, _likeness(style, goods, rng), appetite.argmax(axis=1))


def _home(people: list[Person], goods: Wares) -> NDArray[np.float64]:
    """People like shops of their own customs union, and order from afar only what is worth the way."""
    unions = np.array([person.place.union for person in people])
    near = np.array([[union in homes for homes in goods.unions] for union in unions])[:, goods.shop]
    euros = np.array([d.price_minor / _MINOR.get(d.currency, 100) / LEVELS[d.currency] for d in goods.drafts])
    abroad = WORTH_THE_WAY * np.log(np.clip(euros, 3, 300) / 40)
    abroad += FRESH_ABROAD * np.array([d.category == "groceries" for d in goods.drafts])
    return np.where(near, AT_HOME, abroad[None, :])


def _likeness(style: NDArray[np.float64], goods: Wares, rng: np.random.Generator) -> Floats:
    """Products of one shop go together by style, and some pairs of kinds (phone and cable) above all."""
    kinds = goods.kind.max() + 1
    pairs = np.exp(rng.gumbel(0, 1.0, (kinds, kinds)))
    pairs = np.minimum(pairs + pairs.T, 40.0)
    like = np.exp(1.6 * style @ style.T) * pairs[np.ix_(goods.kind, goods.kind)]
    like *= np.where(goods.category[:, None] == goods.category[None, :], 2.0, 1.0)
    like *= goods.shop[:, None] == goods.shop[None, :]
    like[goods.kind[:, None] == goods.kind[None, :]] *= 0.1  # a second tent is seldom wanted
    np.fill_diagonal(like, 0.0)
    result: Floats = like.astype(np.float32)
    return result

"""Demand behind sales: weeks in which nothing could be sold say nothing of what was wanted."""

from collections.abc import Sequence

import numpy as np

from models.demand.methods import Floats

NEIGHBOURS = 4  # open weeks on each side whose mean takes a closed week's place


def repaired(units: Sequence[float], closed: Sequence[bool]) -> Floats:
    """Give closed weeks the mean of the nearest open ones, if that is more than what was sold in them."""
    found = np.asarray(units, dtype=np.float64).copy()
    is_open = ~np.asarray(closed, dtype=bool)
    places = np.flatnonzero(is_open)
    if not len(places):
        return found
    for week in np.flatnonzero(~is_open):
        at = int(np.searchsorted(places, week))
        near = places[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS]
        found[week] = max(found[week], float(found[near].mean()))
    return found

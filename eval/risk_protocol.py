"""The classical protocol for card fraud: learn from a week, wait a week for the labels, be judged on the next week.

Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection" (2022):
customers whose fraud is known by then leave the test, and the daily list of the 100 most suspicious customers is
judged by how many of them are defrauded that day.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.risk.events import DAY, BadEvents, Events

LEARN, DELAY, JUDGE = 7, 7, 7  # days
LISTED = 100

Places = NDArray[np.int64]
Scores = NDArray[np.float64]


def days(events: Events) -> Places:
    """The day of each event, counted since 1970 in UTC."""
    return np.asarray(events.at // DAY)


def split(events: Events, test_from: date) -> tuple[Places, Places]:
    """Places of the events to learn from and to be judged on. Raises BadEvents when a part has no fraud."""
    day, first = days(events), (test_from - date(1970, 1, 1)).days
    customer = events.parties["customer"]
    is_fraud = events.label == 1
    learn = (day >= first - DELAY - LEARN) & (day < first - DELAY)
    known = {*customer[learn & is_fraud].tolist()}
    judged = []
    for later in range(JUDGE):
        known |= {*customer[(day == first - DELAY + later - 1) & is_fraud].tolist()}
        today = np.flatnonzero(day == first + later)
        judged.append(today[~np.isin(customer[today], list(known))])
    learned, test = np.flatnonzero(learn), np.concatenate(judged)
    for name, part in (("to learn from", learned), ("to be judged on", test)):
        if not is_fraud[part].any():
            raise BadEvents(f"The week {name} for tests from {test_from} has no payment that is known to be fraud.")
    return learned, test


def card_precision(events: Events, test: Places, scores: Scores, listed: int = LISTED) -> list[float]:
    """For each day of the test, the share of the `listed` most suspicious customers who are defrauded that day.

    A customer found on one day leaves the days after.
    """
    day, customer, label = days(events)[test], events.parties["customer"][test], events.label[test]
    found: set[object] = set()
    shares = []
    for today in np.unique(day):
        rows = np.flatnonzero((day == today) & ~np.isin(customer, np.array([*found], dtype=customer.dtype)))
        people, whose = np.unique(customer[rows], return_inverse=True)
        worst, bad = np.full(len(people), -np.inf), np.zeros(len(people), dtype=np.int64)
        np.maximum.at(worst, whose, scores[rows])
        np.maximum.at(bad, whose, label[rows])
        top = np.argsort(-worst, kind="stable")[:listed]
        caught = people[top][bad[top] == 1]
        shares.append(len(caught) / listed)
        found |= {*caught.tolist()}
    return shares


def calibration_error(truth: NDArray[np.int64], probability: Scores, bins: int = 10) -> float:
    """The mean distance of told and true shares over bins of equal numbers, weighted by number (Naeini 2015)."""
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    apart = [abs(float(probability[part].mean() - truth[part].mean())) * len(part) for part in parts if len(part)]
    return float(sum(apart) / len(truth))


def stability(before: Scores, after: Scores, bins: int = 10) -> float:
    """Population stability index of two samples of scores, by deciles of the first; over .25 is a shift."""
    edges = np.unique(np.quantile(before, np.linspace(0, 1, bins + 1)[1:-1]))
    one, other = (np.bincount(np.searchsorted(edges, part), minlength=len(edges) + 1) + 0.5 for part in (before, after))
    one, other = one / one.sum(), other / other.sum()
    return float(((other - one) * np.log(other / one)).sum())

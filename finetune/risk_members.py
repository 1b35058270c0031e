"""The members of the risk score: trees, lines and networks, each fitted on one week of features."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Labels = NDArray[np.int64]
Scores = NDArray[np.float64]
Score = Callable[[Rows], Scores]
"""Probabilities of rows; higher is worse."""

SEEDS = (1, 2)
BOOSTED: Mapping[str, object] = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.05, "min_child_samples": 20, "feature_fraction": 0.4,
    "lambda_l2": 10.0, "bagging_fraction": 0.8, "bagging_freq": 1,
}  # fmt: skip
ROUNDS = 200
PLAIN: Mapping[str, object] = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1}
KEPT = 0.25  # of genuine payments that a deep forest is grown on; the others are counted by weight
FLOOR = 0.01  # under it a share of trees says nothing about an order of rows
_EPOCHS, _BATCH, _HIDDEN, _RATE, _LONGEST = 8, 512, (64, 32), 4e-3, 6.0


def tree(rows: Rows, labels: Labels, seed: int) -> Score:
    """A decision tree of five levels, the plainest thing that a person can read."""
    from sklearn.tree import DecisionTreeClassifier

    fitted = DecisionTreeClassifier(max_depth=5, min_samples_leaf=20, random_state=seed).fit(rows, labels)
    return lambda given: np.asarray(fitted.predict_proba(given)[:, 1])


def logistic(rows: Rows, labels: Labels, seed: int) -> Score:
    """Logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, random_state=seed)).fit(rows, labels)
    return lambda given: np.asarray(fitted.predict_proba(given)[:, 1])


def forest(rows: Rows, labels: Labels, seed: int) -> Score:
    """A random forest as scikit-learn grows it by default, of 100 trees."""
    from sklearn.ensemble import RandomForestClassifier

    fitted = RandomForestClassifier(100, n_jobs=1, random_state=seed).fit(rows, labels)
    return lambda given: np.asarray(fitted.predict_proba(given)[:, 1])


def plain(rows: Rows, labels: Labels, seed: int) -> Score:
    """LightGBM as it comes: 31 leaves, 100 rounds."""
    return boosted(rows, labels, seed, PLAIN, 100)


def boosted(rows: Rows, labels: Labels, seed: int, how: Mapping[str, object] = BOOSTED, rounds: int = ROUNDS) -> Score:
    """LightGBM with small, much shrunk trees."""
    import lightgbm

    fixed = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": seed}
    fitted = lightgbm.train({**how, **fixed}, lightgbm.Dataset(rows, labels), rounds)
    return lambda given: np.asarray(fitted.predict(given))


def deep(rows: Rows, labels: Labels, seed: int) -> Score:
    """A random forest of deep trees on all frauds and a quarter of the genuine payments, which weigh fourfold."""
    from sklearn.ensemble import RandomForestClassifier

    chosen = (labels == 1) | (np.random.default_rng(seed).random(len(labels)) < KEPT)
    weight = np.where(labels[chosen] == 1, 1.0, 1 / KEPT)
    fitted = RandomForestClassifier(
        60, min_samples_leaf=3, max_features=0.2, max_samples=0.6, n_jobs=1, random_state=seed
    ).fit(rows[chosen], labels[chosen], sample_weight=weight)
    return lambda given: np.asarray(fitted.predict_proba(given)[:, 1])


def network(rows: Rows, labels: Labels, seed: int) -> Score:
    """A network of two hidden layers on log-scaled, standardised features, trained by one cycle of AdamW."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    mean, spread = squeezed(rows).mean(0), squeezed(rows).std(0) + 1e-3

    def prepared(given: Rows) -> "torch.Tensor":
        return torch.from_numpy(np.clip((squeezed(given) - mean) / spread, -_LONGEST, _LONGEST))

    first, second = _HIDDEN
    net = nn.Sequential(
        nn.Linear(rows.shape[1], first), nn.SiLU(), nn.Dropout(0.3), nn.Linear(first, second), nn.SiLU(),
        nn.Linear(second, 1),
    )  # fmt: skip
    _train(net, prepared(rows), torch.from_numpy(labels).float())
    net.eval()

    def score(given: Rows) -> Scores:
        with torch.no_grad():
            return np.asarray(torch.sigmoid(net(prepared(given))[:, 0]).numpy(), dtype=np.float64)

    return score


def _train(net: "object", rows: "object", labels: "object") -> None:
    import torch
    from torch import nn

    assert isinstance(net, nn.Module) and isinstance(rows, torch.Tensor) and isinstance(labels, torch.Tensor)
    steps = _EPOCHS * -(-len(rows) // _BATCH)
    descent = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=1e-2)
    cycle = torch.optim.lr_scheduler.OneCycleLR(descent, _RATE, total_steps=steps)
    for _ in range(_EPOCHS):
        for batch in torch.split(torch.randperm(len(rows)), _BATCH):
            loss = nn.functional.binary_cross_entropy_with_logits(net(rows[batch])[:, 0], labels[batch])
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            cycle.step()


def squeezed(rows: Rows) -> Rows:
    """Log-scaled by size, sign kept."""
    return np.asarray(np.sign(rows) * np.log1p(np.abs(rows)), dtype=np.float32)


def isolation(rows: Rows, seed: int) -> Score:
    """An isolation forest, which needs no labels; scores are no probabilities."""
    from sklearn.ensemble import IsolationForest

    fitted = IsolationForest(n_estimators=100, max_samples=2048, random_state=seed, n_jobs=1).fit(rows)
    return lambda given: np.asarray(-fitted.score_samples(given))


def blend(rows: Rows, labels: Labels, seeds: Sequence[int] = SEEDS) -> Score:
    """Boosted trees (one for each seed), a forest and networks: the mean of their log-odds, weighted 2 : 2 : 1."""
    trees = [boosted(rows, labels, seed) for seed in seeds]
    woods = deep(rows, labels, seeds[0])
    nets = [network(rows, labels, seed) for seed in seeds[:2]]

    def score(given: Rows) -> Scores:
        by_trees = np.mean([logit(one(given), 1e-9) for one in trees], axis=0)
        by_nets = np.mean([logit(one(given), 1e-9) for one in nets], axis=0)
        together = (2 * by_trees + 2 * logit(woods(given), FLOOR) + by_nets) / 5
        return np.asarray(1 / (1 + np.exp(-together)))

    return score


def logit(share: Scores, floor: float) -> Scores:
    """Log-odds of probabilities, bounded by a floor."""
    return np.log((share + floor) / (1 - share + floor))

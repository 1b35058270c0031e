"""What can go wrong for a reason that a customer should be told."""

from shop.wording import say


class ShopError(Exception):
    """A sentence for a customer, fact then rule, as a key of the phrase catalogue and its values.

    `str(error)` is the English sentence; `error.words(language)` the reader's.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def words(self, language: str) -> str:
        """Say the error in one language of the catalogue."""
        return say(self.key, language, **self.values)

    def __str__(self) -> str:
        return self.words("en")


class Missing(ShopError):
    """Absent or somebody else's: the two look alike on purpose."""


class Refused(ShopError):
    """The actor's role may not do this."""


class Unclear(ShopError):
    """More than one row fits; `candidates` are the ids to choose from."""

    def __init__(self, key: str, candidates: tuple[int, ...], **values: object) -> None:
        super().__init__(key, **values)
        self.candidates = candidates

"""`python -m finetune NAME [options]`: train one of the models on our data or on your own."""

import sys
from collections.abc import Callable, Sequence

import settings
from finetune import demand, hs, intent, risk
from finetune.labelled import BadData

RECIPES: dict[str, Callable[[Sequence[str]], int]] = {
    "demand": demand.main,
    "hs": hs.main,
    "intent": lambda args: intent.main(args, settings.load().cache),
    "risk": risk.main,
}


def main(args: Sequence[str]) -> int:
    """Run the recipe that the first argument names; 2 if there is none or its data is bad."""
    if not args or args[0] not in RECIPES:
        print(f"usage: python -m finetune {{{','.join(RECIPES)}}} [--data PATH] [--out DIR]", file=sys.stderr)
        return 2
    try:
        return RECIPES[args[0]](args[1:])
    except BadData as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The JSON schema of one step: a call of an offered tool, or a plain reply.

Ids are enumerations of what stands in the conversation, so that even a small model cannot invent one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from agent.mentions import Mentions
from tools import Tool

Json: TypeAlias = dict[str, object]

FROM_WORDS = frozenset({"question", "summary", "note", "min_price", "max_price", "currency", "category", "sort",
                        "in_stock", "country", "terms", "service", "title", "weeks"})  # fmt: skip
"""What agent.provenance reads out of the person's own words better and faster than a small model."""

REPLIES = ("greeting", "thanks", "goodbye", "capabilities", "out_of_scope", "clarify")


def step(
    tools: Sequence[Tool], known: Mentions, replies: Sequence[str], categories: Sequence[str], *,
    given: Collection[str] = (),
) -> Json:  # fmt: skip
    """Build the schema of a step: one object `{"tool": …, "arguments": …}` by `anyOf`.

    What is `given` by the words themselves is left out.
    """
    options = [
        _option(tool.name, arguments(tool, known, categories, given)) for tool in tools if _callable(tool, known)
    ]
    if replies or not options:
        kind = {"type": "string", "enum": list(replies) or ["clarify"]}
        options.append(_option("reply", _object({"kind": kind}, ["kind"])))
    return {"anyOf": options}


def arguments(tool: Tool, known: Mentions, categories: Sequence[str], given: Collection[str]) -> Json:
    """The schema of a tool's arguments with ids narrowed; an optional id that nobody named is left out."""
    full = tool.arguments.model_json_schema()
    required = list(full.get("required", []))
    properties: Json = {}
    for name, plain in full["properties"].items():
        if name in given:
            continue
        narrowed = _narrow(name, _resolve(plain, full), known, categories)
        if narrowed is not None:
            properties[name] = narrowed
    return _object(properties, [name for name in required if name in properties])


def _callable(tool: Tool, known: Mentions) -> bool:
    """A tool that needs an id of a kind that the conversation lacks cannot be called."""
    full = tool.arguments.model_json_schema()
    ids = {"order_id": known.orders, "product_id": known.products, "ticket_id": known.tickets}
    ids["product_ids"] = known.products[1:]
    return all(ids.get(name, (0,)) for name in full.get("required", []))


def _narrow(name: str, plain: Json, known: Mentions, categories: Sequence[str]) -> Json | None:
    match name:
        case "order_id":
            return _enum(known.orders)
        case "product_id":
            return _enum(known.products)
        case "ticket_id":
            return _enum(known.tickets)
        case "tracking":
            return _enum(known.trackings)
        case "product_ids":
            return {"type": "array", "items": _enum(known.products), "minItems": 2, "maxItems": 4}
        case "category":
            return _enum(categories)
        case _:
            return plain


def _resolve(plain: Json, full: Mapping[str, object]) -> Json:
    """Simplify pydantic's schema: drop null alternatives, titles and defaults; follow references."""
    if "anyOf" in plain:
        options = [part for part in plain["anyOf"] if part.get("type") != "null"]  # type: ignore[attr-defined]
        plain = options[0] | {k: v for k, v in plain.items() if k == "description"}
    if "$ref" in plain:
        name = str(plain["$ref"]).rpartition("/")[2]
        plain = full["$defs"][name] | {k: v for k, v in plain.items() if k == "description"}  # type: ignore[index]
    simple = {k: v for k, v in plain.items() if k in ("type", "enum", "items")}
    if simple.get("type") == "string" and "enum" not in simple:
        simple["maxLength"] = 300
    return simple


def _enum(values: Sequence[object]) -> Json | None:
    return {"enum": list(values)} if values else None


def _option(name: str, arguments: Json) -> Json:
    return _object({"tool": {"const": name}, "arguments": arguments}, ["tool", "arguments"])


def _object(properties: Json, required: list[str]) -> Json:
    return {
        "type": "object", "properties": properties, "required": required, "additionalProperties": False
    }  # fmt: skip

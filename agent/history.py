"""What was said before, in the short form that the model reads, and what it makes known."""

from collections.abc import Mapping, Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent import cues, mentions
from agent.mentions import Mentions
from agent.turn import Asked, Call
from retrieval.understand import understand
from shop import rates
from shop.tables import Turn as Row
from tools.views import Question

NO_ADDRESS = "talk.address"
REMEMBERED = 6  # rows, that is three exchanges
_LONGEST = 700  # characters of a result that later turns see


def messages(rows: Sequence[Row]) -> list[BaseMessage]:
    """Write the last exchanges as messages: words, calls and results. The assistant's wording is left out."""
    said: list[BaseMessage] = []
    for row in rows[-REMEMBERED:]:
        if row.role == "user":
            said.append(HumanMessage(row.text))
            continue
        for number, call in enumerate(calls(row)):
            said += _exchange(f"{row.id}-{number}", call)
    return said


def known(rows: Sequence[Row]) -> Mentions:
    """Every id that the conversation holds, newest first."""
    found = Mentions()
    for row in reversed(rows):
        found |= _of_row(row)
    return found


def used(rows: Sequence[Row]) -> list[str]:
    """The tools used so far, oldest first."""
    return [str(call["tool"]) for row in rows for call in calls(row)]


def asked(rows: Sequence[Row]) -> Asked | None:
    """The question that the last answer put, or None."""
    last = calls(rows[-1]) if rows else []
    ids, arguments = (last[-1].get("asks"), last[-1].get("arguments")) if last else (None, None)
    if not isinstance(ids, list) or not isinstance(arguments, dict) or not ids:
        return None
    return Asked(str(last[-1]["tool"]), arguments, tuple(ids))


def awaits_address(rows: Sequence[Row]) -> bool:
    """Whether the last answer asked for the whole of an address."""
    last = calls(rows[-1]) if rows else []
    return bool(last) and last[-1].get("error") == NO_ADDRESS


def currency(rows: Sequence[Row], message: str, language: str) -> str | None:
    """The currency that the person named last in this conversation, or None."""
    texts = [message, *(row.text for row in reversed(rows) if row.role == "user")]
    named = (understand(text[:500], language).currency or cues.find("currency", text[:500]) for text in texts)
    return next((code for code in named if code in rates.currencies()), None)


def words(rows: Sequence[Row], message: str) -> str:
    """All that the person wrote."""
    return "\n".join([*(row.text for row in rows if row.role == "user"), message])


def listed(rows: Sequence[Row]) -> tuple[int, ...]:
    """The products that the last result with products showed, in its order."""
    texts = [str(call.get("text", "")) for row in reversed(rows) for call in reversed(calls(row))]
    found = (mentions.in_results([text]).products for text in texts)
    return next((ids for ids in found if ids), ())


def last(tool: str, rows: Sequence[Row]) -> Mapping[str, object] | None:
    """The arguments of the last call of a tool, or None."""
    made = (call for row in reversed(rows) for call in reversed(calls(row)) if call["tool"] == tool)
    call = next(made, None)
    asked = call["arguments"] if call else None
    return asked if isinstance(asked, dict) else None


def calls(row: Row) -> list[Mapping[str, object]]:
    """A row's calls as they were stored."""
    return [call for call in row.calls if isinstance(call, dict)]


def stored(call: Call) -> dict[str, object]:
    """A call in the form that is kept."""
    view = call.result.view if call.result else None
    asks = [candidate.id for candidate in view.candidates] if isinstance(view, Question) else []
    error = call.error.key if call.error else None
    kept: dict[str, object] = {
        "tool": call.tool,
        "arguments": dict(call.arguments),
        "text": call.text[:_LONGEST],
        "asks": asks,
    }
    return kept | ({"error": error} if error else {})


def _exchange(name: str, call: Mapping[str, object]) -> list[BaseMessage]:
    asked = {"name": str(call["tool"]), "args": call["arguments"], "id": name}
    if call["tool"] == "reply":
        return [AIMessage("", tool_calls=[asked])]
    return [AIMessage("", tool_calls=[asked]), ToolMessage(str(call["text"]), tool_call_id=name)]


def _of_row(row: Row) -> Mentions:
    if row.role == "user":
        return mentions.in_words(row.text)
    return mentions.in_results(str(call.get("text", "")) for call in calls(row))

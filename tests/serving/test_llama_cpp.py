"""The default model on the embedded server, for real; only where its weights are already in the cache."""

import json

import pytest
from platformdirs import user_cache_path

from models.serving.engines import Engine
from models.serving.launch import launch
from models.serving.weights import DEFAULT, is_verified

CACHE = user_cache_path("haitao")
CALL: dict[str, object] = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "tool": {"const": tool},
                "arguments": {
                    "type": "object",
                    "properties": {name: {"type": kind}},
                    "required": [name],
                    "additionalProperties": False,
                },
            },
            "required": ["tool", "arguments"],
            "additionalProperties": False,
        }
        for tool, name, kind in (("track_order", "order_id", "integer"), ("search_products", "query", "string"))
    ]
}


@pytest.mark.llm
@pytest.mark.skipif(
    not is_verified(CACHE / "llm" / DEFAULT.file, DEFAULT),
    reason="the weights are not in the cache: python -m models fetch",
)
def test_a_streamed_answer_follows_the_schema() -> None:
    from openai import OpenAI
    from openai.types.chat import ChatCompletionUserMessageParam
    from openai.types.shared_params import ResponseFormatJSONSchema
    from openai.types.shared_params.response_format_json_schema import JSONSchema

    shape = ResponseFormatJSONSchema(type="json_schema", json_schema=JSONSchema(name="call", strict=True, schema=CALL))
    asked = "Which tool tracks the parcel of order 1003: track_order or search_products? Call it."
    with launch(Engine.LLAMA_CPP, cache=CACHE, say=lambda _: None) as server:
        assert server
        chunks = OpenAI(base_url=server.url, api_key="none").chat.completions.create(
            model=server.model,
            messages=[ChatCompletionUserMessageParam(role="user", content=asked)],
            response_format=shape,
            stream=True,
            temperature=0,
            max_tokens=60,
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    call = json.loads(text)
    assert set(call) == {"tool", "arguments"}
    assert set(call["arguments"]) <= {"order_id", "query"}

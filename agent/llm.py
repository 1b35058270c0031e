"""The language model behind an OpenAI-compatible URL."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from langchain_core.language_models import BaseChatModel
from openai import OpenAIError
from pydantic import SecretStr

from agent.chat_model import ConstrainedChat, Server, UnreadableAnswer


@dataclass(frozen=True)
class LanguageModel:
    """A chat model and how to use it.

    `answers` "tools" shows the tools' own renderings (right for small models), "model" lets the model word the
    answer, which is then checked. `is_constrained` False leaves tool calls to the server's native parser.
    """

    chat: BaseChatModel
    answers: str = "tools"
    is_constrained: bool = True
    failures: tuple[type[Exception], ...] = (OpenAIError, UnreadableAnswer, TimeoutError, ConnectionError)

    def name_of(self, language: str) -> str:
        """The English name of a language, for a prompt."""
        try:
            return Locale.parse(language.replace("-", "_")).get_language_name("en") or language
        except (UnknownLocaleError, ValueError):
            return language


def connect(
    url: str, model: str, *, key: SecretStr | None = None, answers: str = "tools", native_calls: bool = False,
    timeout: float = 60.0,
) -> LanguageModel:  # fmt: skip
    """Make a language model of a server. `timeout` is seconds without a byte; greedy decoding, two tries."""
    server = Server(
        base_url=url, model=model, api_key=key or SecretStr("none"), temperature=0, timeout=timeout, max_retries=1,
        stream_usage=False,
    )  # fmt: skip
    if native_calls:
        return LanguageModel(server, answers, is_constrained=False)
    return LanguageModel(ConstrainedChat(server=server), answers)

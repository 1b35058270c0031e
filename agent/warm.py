"""Read the stable prompts into the server's cache before somebody waits for it."""

import logging
from collections.abc import Iterable
from threading import Thread

from langchain_core.messages import HumanMessage, SystemMessage

from agent.chat_model import ConstrainedChat
from agent.llm import LanguageModel
from agent.loop import prompt
from shop.people import Role

DESKS = (Role.SHOPPER, Role.MERCHANT)

_log = logging.getLogger(__name__)


def warm(llm: LanguageModel, roles: Iterable[Role] = DESKS) -> None:
    """Send each desk's prompt once, for one token; 10 to 20 seconds a desk on two CPU cores.

    A failure is logged only: the first message will tell the reader.
    """
    if not isinstance(llm.chat, ConstrainedChat):
        return  # servers that call natively put the tools into the prompt themselves
    for role in roles:
        try:
            llm.chat.server.invoke([SystemMessage(prompt(role)), HumanMessage("-")], max_tokens=1)
        except llm.failures as error:
            _log.warning("the language model could not be warmed: %s", error)
            return


def in_background(llm: LanguageModel) -> Thread:
    """Warm while the application already answers."""
    thread = Thread(target=warm, args=(llm,), name="warm", daemon=True)
    thread.start()
    return thread

"""A chat model that says what a test tells it to."""

from eval.scripted import ScriptedChat, Step, call, reply

__all__ = ["ScriptedChat", "Step", "call", "reply"]

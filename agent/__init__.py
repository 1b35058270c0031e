"""The assistant: a language model that answers by calling tools."""

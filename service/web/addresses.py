"""Addresses that are more than names put together."""

from service.core.text import slug


def proposal(number: int, title: str) -> str:
    """A proposal's part of its address: the number decides, the words of the title are decoration."""
    words = slug(title)
    return f"{number}-{words}" if words else str(number)

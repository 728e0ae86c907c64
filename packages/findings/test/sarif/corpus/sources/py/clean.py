"""A module without findings."""


def add(left: int, right: int) -> int:
    """Add two numbers."""
    return left + right

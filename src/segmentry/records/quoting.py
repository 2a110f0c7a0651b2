"""Names and values as SQL text that cannot break out of its quotes."""


def identifier(name: str) -> str:
    r"""A quoted identifier.

    >>> print(identifier('5" pipes'))
    "5"" pipes"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted string.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def number(value: float) -> str:
    """A double with all the digits it needs, in brackets when negative.

    >>> number(-0.5), number(3.0)
    ('(-0.5e0)', '3.0e0')
    """
    text = repr(float(value))
    text = text if "e" in text else f"{text}e0"
    return f"({text})" if value < 0 else text

"""x"""


def noter() -> None: ...

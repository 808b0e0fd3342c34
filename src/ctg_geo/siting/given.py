"""What a question of sites is given, refused where it cannot be meant."""

from ctg_geo.errors import SitingError

__all__ = ["refuse_untold", "seconds"]


def refuse_untold(given: object, kinds: type | tuple[type, ...], name: str) -> None:
    """Refuse figures that do not name what they are of, such as a bare array.

    Raises
    ------
    SitingError
        If `given` is none of these kinds.
    """
    if not isinstance(given, kinds):
        each = kinds if isinstance(kinds, tuple) else (kinds,)
        known = [kind.__name__ for kind in each]
        raise SitingError("not_table", name=name, said=type(given).__name__, known=known)


def seconds(limit: float, name: str = "limit_s") -> float:
    """Return a limit of time that is one: 0 or more.

    Raises
    ------
    SitingError
        If it is negative or no number.
    """
    if not limit >= 0:
        raise SitingError("not_seconds", name=name, value=limit)
    return limit

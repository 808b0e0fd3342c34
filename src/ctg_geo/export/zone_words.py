"""The name of an area below the norm, as French says it."""

from typing import Final

from ctg_geo import labels

__all__ = ["around"]

_VOWELS: Final = tuple("AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜŒ")
_ARTICLES: Final = {"Le ": "le", "Les ": "les"}


def around(nom: str) -> str:
    """Say that an area is around a commune, with the article that its name asks for.

    Examples
    --------
    >>> [around(nom).replace("’", "'") for nom in ("Chabeuil", "Étoile", "Le Chalon", "La Baume")]
    ['autour de Chabeuil', "autour d'Étoile", 'autour du Chalon', 'autour de La Baume']
    """
    for article, kind in _ARTICLES.items():
        if nom.startswith(article):
            return labels.text(f"gaps.around.{kind}", name=nom.removeprefix(article))
    kind = "vowel" if nom.upper().startswith(_VOWELS) else "plain"
    return labels.text(f"gaps.around.{kind}", name=nom)

"""What files call the places of a service, as the services declare it."""

from collections.abc import Mapping

from ctg_geo.config.study_file import EquipementsSource, StudyFile
from ctg_geo.errors import ConfigError
from ctg_geo.parameters import Service

__all__ = ["with_local_types"]


def with_local_types(file: StudyFile, services: Mapping[str, Service], name: str) -> StudyFile:
    """Let sources with a column of services know the words that services go by.

    What a source says itself (`services`) goes first.

    Parameters
    ----------
    name : of the file of services, for the error

    Raises
    ------
    ConfigError
        If two services go by the same word.
    """
    words: dict[str, str] = {}
    for key, service in services.items():
        for word in service.local_types:
            if words.setdefault(word, key) != key:
                known = [words[word], key]
                raise ConfigError("type_twice", file=name, value=word, known=known)
    sources = tuple(_named(each, words) for each in file.sources.equipements)
    given = file.sources.model_copy(update={"equipements": sources})
    return file.model_copy(update={"sources": given})


def _named(source: EquipementsSource, words: Mapping[str, str]) -> EquipementsSource:
    if "service" not in source.columns:
        return source
    return source.model_copy(update={"services": {**words, **source.services}})

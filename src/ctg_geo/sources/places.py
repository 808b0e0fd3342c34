"""Places that serve, from whichever file a study has: people's own, or a provider's."""

from collections.abc import Collection
from pathlib import Path

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.equipements import read_equipements
from ctg_geo.sources.official.bpe import read_bpe
from ctg_geo.sources.official.cafdata_eaje import read_eaje
from ctg_geo.sources.official.data_inclusion import read_data_inclusion
from ctg_geo.sources.official.france_services import read_france_services
from ctg_geo.sources.official.mediation_numerique import (
    read_conseillers_numeriques,
    read_mediation_numerique,
)

__all__ = ["read_places_of"]

_READERS = {
    "cafdata": read_eaje,
    "france_services": read_france_services,
    "mediation_numerique": read_mediation_numerique,
    "conseillers_numeriques": read_conseillers_numeriques,
    "data_inclusion": read_data_inclusion,
}


def read_places_of(
    path: Path,
    source: EquipementsSource,
    *,
    crs: str,
    codes: Collection[str] | None = None,
    passage: Path | None = None,
) -> TableRead:
    """Read places in the format that their source names, or under its own columns.

    Parameters
    ----------
    path : the file
    source : how to read it
    crs : metric CRS of x and y
    codes : communes wanted of a provider's national file; None for all
    passage : table of BPE codes of two years

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, ConfigError, DataError
        See the readers.
    """
    if source.format is None:
        return read_equipements(path, source, crs=crs)
    if source.format == "bpe":
        return read_bpe(path, source, crs=crs, codes=codes, passage=passage)
    return _READERS[source.format](path, source, crs=crs, codes=codes)

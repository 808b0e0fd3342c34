"""The order book: TOML files -> a validated study."""

from ctg_geo.config.load import NamedFiles, StudyConfig, load_datasets, load_study

__all__ = ["NamedFiles", "StudyConfig", "load_datasets", "load_study"]

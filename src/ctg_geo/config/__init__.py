"""The order book: TOML files -> a validated study."""

from ctg_geo.config.load import StudyConfig, load_study

__all__ = ["StudyConfig", "load_study"]

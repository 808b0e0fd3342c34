"""What a page about a theme says, in words: the map as PNG and QGIS pages say the same."""

from ctg_geo import contracts, labels
from ctg_geo.export._page_words import Said
from ctg_geo.export.theme_places import places_of
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["caveat", "foot", "headline", "subtitle", "title"]


def title(state: ThemeState) -> str:
    """Name the map of a theme."""
    theme = state.theme
    return labels.text("themes.map_title", theme=theme.label, people=theme.people_label)


def subtitle(state: ThemeState, setting: Setting) -> str:
    """Name the study, and say what the classes are."""
    key = "themes.map_computed" if state.computed else "themes.map_subtitle"
    return labels.text(key, study=setting.study, reason=state.theme.no_classes)


def caveat(state: ThemeState, setting: Setting) -> str:
    """Say what of the page is estimated: the people, where the places stand; "" if nothing."""
    reasons = []
    if state.estimated:
        reasons.append(labels.text("themes.map_people", method=state.method))
    places = places_of(setting.territory, [each.key for each in state.services])
    if (places["location_status"] == contracts.ESTIMATED).any():
        reasons.append(labels.text("estimated.location"))
    return labels.text("map.estimated", reasons=", ".join(reasons)) if reasons else ""


def headline(state: ThemeState) -> tuple[Said, Said]:
    """Say how many people there are, and in how many communes they are known."""
    shown = state.shown()
    key = "themes.panel_estimated" if state.estimated else "themes.panel_people"
    said = labels.text(key, total=float(shown.sum()), people=state.theme.people_label)
    hidden = int(shown.isna().sum())
    key = "themes.panel_partly" if hidden else "themes.panel_communes"
    return Said(said, 13, bold=True), Said(
        labels.text(key, communes=len(shown) - hidden, hidden=hidden), 9
    )


def foot(state: ThemeState, setting: Setting) -> tuple[str, str]:
    """Name the source of the theme, and those of the data."""
    places = places_of(setting.territory, [each.key for each in state.services])
    sources = (*setting.sources, *dict.fromkeys(places["source"].astype(str)))
    return (
        labels.text("themes.map_theme", source=state.theme.source),
        labels.text("map.sources", sources=" ; ".join(sources)),
    )

"""The page in one file: its own words, style and script, the map library, the data."""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ctg_geo import labels
from ctg_geo.export.committee.model import CommitteeModel
from ctg_geo.export.committee.payload import payload
from ctg_geo.export.committee.relief import PageRelief
from ctg_geo.export.publish import Publication
from ctg_geo.export.tables import results_csv

__all__ = ["PageOrigin", "committee_page"]

_SCRIPT: Final = ("words", "model", "effect", "tables", "map", "toml", "files", "page")
_ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028",
                   "\u2029": "\\u2029"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """What a page was made of: its study, and the plans shown with what their files held.

    A page without one is never told to be of a former run.
    """

    study: str = ""  # see `provenance.study_identity`
    plans: tuple[tuple[str, str], ...] = ()  # key or path from the study's file, and digest


def committee_page(
    publication: Publication,
    model: CommitteeModel,
    relief: PageRelief | None = None,
    origin: PageOrigin = PageOrigin(),
) -> bytes:
    """Return the page: it opens from disk, and asks nothing of any network.

    The map is drawn by MapLibre GL JS, taken from the installed package `maplibre`.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  (heavy)
    from markupsafe import Markup  # noqa: PLC0415

    own = files(__package__)
    library = _map_library()
    texts = {
        "style": (own / "page.css").read_text("utf-8"), "script": _script(),
        "map_style": (library / "maplibre-gl.css").read_text("utf-8"),
        "map_script": (library / "maplibre-gl.js").read_text("utf-8"),
    }  # fmt: skip
    inlined = {name: Markup(_closed(text)) for name, text in texts.items()}  # noqa: S704
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    template = environment.from_string((own / "page.html.j2").read_text(encoding="utf-8"))
    data = payload(publication, model)
    if relief is not None:
        data["relief"] = relief.to_json()
    page = template.render(
        **inlined, data=Markup(_json(data)), words=Markup(_json(_words())),  # noqa: S704
        say=lambda key, **facts: labels.text(f"committee.{key}", "fr", **facts),
        typeset=labels.typeset, service=data["service"], study=publication.study,
        estimated=data["estimated"], norm=publication.norm,
        sources=labels.typeset(" ; ".join(publication.sources)),
        grouping=data["grouping"], proposals=data["proposals"], unshown=_unshown(model),
        relief=None if relief is None else labels.typeset(relief.source),
        spread=publication.spread, results=_results_mark(publication),
        identity=origin.study, plans=json.dumps(origin.plans),
    )  # fmt: skip
    return page.encode("utf-8")


def _results_mark(publication: Publication) -> str:
    """Return what tells which results a page shows: the service, the hash of their table."""
    digest = hashlib.sha256(results_csv(publication)).hexdigest()
    return f"{publication.diagnosis.key} {digest}"


def _unshown(model: CommitteeModel) -> list[dict[str, Any]]:
    """Say which plans the page does not show, and why."""
    return [
        {"name": each.name, "motive": each.motive,
         "reasons": [labels.text(f"committee.because.{reason}") for reason in each.reasons]}
        for each in model.plans.unshown
    ]  # fmt: skip


def _script() -> str:
    """Return the script: its parts in order, in one scope of their own."""
    folder = files(__package__) / "script"
    parts = "\n".join((folder / f"{each}.js").read_text("utf-8") for each in _SCRIPT)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _map_library() -> Path:
    """Return the folder of MapLibre GL JS; the package that ships it is not run."""
    spec = find_spec("maplibre")
    assert spec is not None, "maplibre is a dependency"
    return Path(next(iter(spec.submodule_search_locations or ()))) / "srcjs"


def _json(content: Any) -> str:  # noqa: ANN401
    """Write data so that no text of it can close the script that holds it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return "".join(_ESCAPED.get(sign, sign) for sign in text)


def _closed(code: str) -> str:
    """Keep a script or a style from closing its own element."""
    return code.replace("</script", "<\\/script").replace("</style", "<\\/style")


def _words() -> dict[str, str]:
    """Return the sentences that the script fills, `{name}` standing for a fact."""
    return labels.section("committee.script")

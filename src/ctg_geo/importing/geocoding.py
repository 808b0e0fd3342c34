"""Addresses found by the national geocoder (BAN), in batches, each answer kept on disk.

The service takes a CSV and returns it with columns added: ``longitude``, ``latitude``,
``result_score`` (0 to 1), ``result_type`` (housenumber, street, locality, municipality),
``result_label``, ``result_citycode``. It always answers with its best guess, however poor:
only the score tells. The form sent names the column of addresses (``columns``) and those that
bound the search (``postcode``, ``citycode``), by their titles. The
service takes 50 requests a second, and answers 429 beyond: batches go one after the other.

References
----------
Géoplateforme, service de géocodage, https://geoservices.ign.fr/documentation/services/services-geoplateforme/geocodage
addok-csv, which fixed the form and the columns of the answer, https://pypi.org/project/addok-csv
"""

import csv
import io
import json
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ctg_geo import progress
from ctg_geo.errors import FetchError

__all__ = ["SERVICE", "Address", "Geocoded", "geocoded"]

SERVICE: Final = "https://data.geopf.fr/geocodage/search/csv"

_BATCH: Final = 500
_PATIENCE_S: Final = 120
_MOST_ANSWER: Final = 20_000_000  # bytes of one batch
_ASKED: Final = ("address", "postcode", "citycode")


@dataclass(frozen=True, slots=True)
class Address:
    """What is sent for a row: never a name of a person or of a place."""

    address: str
    postcode: str = ""
    citycode: str = ""


@dataclass(frozen=True, slots=True)
class Geocoded:
    """Where the geocoder puts an address, and how sure it is."""

    lon: float
    lat: float
    score: float
    kind: str  # housenumber, street, locality, municipality; "" if nothing was found
    label: str
    citycode: str


def geocoded(
    addresses: Sequence[Address], *, cache: Path | None, service: str = SERVICE
) -> list[Geocoded]:
    """Find addresses, asking the service only for those it was never asked for.

    Parameters
    ----------
    cache : folder that keeps one small file per address; None to keep nothing
    service : address of the geocoder

    Returns
    -------
    one answer per address, in their order

    Raises
    ------
    FetchError
        If the service cannot be reached, refuses, or answers something else. What came before
        is kept: the next run goes on from there.
    """
    answers: dict[Address, Geocoded] = {}
    wanted = list(dict.fromkeys(addresses))
    for each in wanted:
        kept = _kept(each, cache, service)
        if kept is not None:
            answers[each] = kept
    missing = [each for each in wanted if each not in answers]
    batches = [missing[at : at + _BATCH] for at in range(0, len(missing), _BATCH)]
    for batch in progress.track(batches, "geocoding"):
        for address, answer in zip(batch, _asked(batch, service), strict=True):
            answers[address] = answer
            _keep(address, answer, cache, service)
    return [answers[each] for each in addresses]


def _asked(batch: Sequence[Address], service: str) -> list[Geocoded]:
    host, (body, kind) = service, _form(batch)
    try:
        host = urlsplit(service).netloc or service
        if urlsplit(service).scheme not in ("http", "https"):
            raise FetchError("geocoder", host=host, detail=service)
        request = Request(service, data=body, headers={"Content-Type": kind}, method="POST")  # noqa: S310
        with urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            content = answer.read(_MOST_ANSWER + 1)
    except HTTPError as error:
        raise FetchError("geocoder_refused", host=host, detail=f"HTTP {error.code}") from error
    except (HTTPException, OSError, ValueError) as error:
        if isinstance(error, FetchError):
            raise
        detail = str(getattr(error, "reason", error)) or type(error).__name__
        raise FetchError("geocoder", host=host, detail=detail) from error
    try:
        found = list(_answers(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise FetchError("geocoder_answer", host=host, detail=str(error)[:200]) from error
    if len(found) != len(batch) or len(content) > _MOST_ANSWER:
        raise FetchError("geocoder_answer", host=host, detail=f"{len(found)}/{len(batch)}")
    return found


def _form(batch: Iterable[Address]) -> tuple[bytes, str]:
    """Write a form with one file, as a browser would."""
    table = io.StringIO(newline="")
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(("ref", *_ASKED))
    for at, each in enumerate(batch):
        lines.writerow((at, _flat(each.address), each.postcode, each.citycode))
    mark = uuid.uuid5(uuid.NAMESPACE_OID, table.getvalue()).hex
    fields = {"columns": "address", "postcode": "postcode", "citycode": "citycode"}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="adresses.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{table.getvalue()}\r\n--{mark}--\r\n"
    )
    return "".join(parts).encode(), f"multipart/form-data; boundary={mark}"


def _flat(text: str) -> str:
    return " ".join(text.split())[:200]


def _answers(text: str) -> Iterator[Geocoded]:
    """Read the table that comes back, in the order of its first column."""
    rows = sorted(csv.DictReader(io.StringIO(text, newline="")), key=lambda row: int(row["ref"]))
    for at, row in enumerate(rows):
        if int(row["ref"]) != at:
            raise ValueError(f"ref {row['ref']}")
        yield Geocoded(
            _number(row["longitude"]), _number(row["latitude"]), _number(row["result_score"]),
            row.get("result_type") or "", row.get("result_label") or "",
            row.get("result_citycode") or "",
        )  # fmt: skip


def _number(text: str | None) -> float:
    number = float(text) if text else math.nan
    return number if math.isfinite(number) else math.nan


def _place(address: Address, cache: Path, service: str) -> Path:
    said = json.dumps([service, *asdict(address).values()], ensure_ascii=False)
    return cache / f"{sha256(said.encode()).hexdigest()[:40]}.json"


def _kept(address: Address, cache: Path | None, service: str) -> Geocoded | None:
    if cache is None:
        return None
    try:
        held = json.loads(_place(address, cache, service).read_text(encoding="utf-8"))
        return Geocoded(*(held[name] for name in Geocoded.__dataclass_fields__))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(address: Address, answer: Geocoded, cache: Path | None, service: str) -> None:
    if cache is None:
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        place = _place(address, cache, service)
        part = place.with_suffix(".part")
        part.write_text(json.dumps(asdict(answer), ensure_ascii=False), encoding="utf-8")
        part.replace(place)
    except OSError:
        return  # without a cache the answer is asked for again, nothing worse

"""Rebuild the tables of `data/` from the fact tables they were made of.

    python data/rebuild.py --facts ../shared/facts

Reads communes.csv, contours.geojson, bpe_2013_counts.csv, france_services_2024.csv,
convention_equipements.csv and mobile_youth_tours.csv;
writes data/communes/ and data/equipements/. `data/routes/` and `communes_nouvelles.csv`
are written by hand and are left as they are. Every figure written carries its status.
"""

import argparse
import csv
import json
import re
from pathlib import Path

HERE = Path(__file__).parent

# Communes that have merged since the 2013 BPE: its count is that of the former chef-lieu alone.
PARTIAL_2013 = {"26210", "26216", "26289", "38284"}
DELIVERY = {"Fixe": "fixed", "Fixe_antenne(s)": "fixed", "Antenne": "branch",
            "Multisites": "multi_site", "Bus_équivalent": "mobile", "Bus": "mobile"}  # fmt: skip
SOCIAL = ("population_2015", "population_2021", "households_2021", "people_15_64_2021",
          "unemployed_15_64_2021", "median_income_2021")  # fmt: skip
SPAN = re.compile(r"(\d\d):(\d\d) - (\d\d):(\d\d)")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, table: list[dict[str, object]]) -> None:
    """Write rows as UTF-8 CSV, the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    print(f"{path.relative_to(HERE.parent)}: {len(table)} rows")


def communes(facts: Path) -> None:
    """Communes with their chef-lieu, and their population with births."""
    table = sorted(rows(facts / "communes.csv"), key=lambda row: row["code_insee"])
    keys = (
        "code_insee",
        "nom",
        "departement",
        "epci",
        "epci_nom",
        "in_agglo",
        "area_km2",
        "lon",
        "lat",
    )
    write(HERE / "communes" / "communes.csv", [{key: row[key] for key in keys} for row in table])
    people: list[dict[str, object]] = []
    for row in table:
        line: dict[str, object] = {"code_insee": row["code_insee"], "nom": row["nom"]}
        for key in ("population_2023", "births_2022"):
            line[key] = row[key]
            line[f"{key}_status"] = "observed" if row[key] else "not_available"
        people.append(line)
    write(HERE / "communes" / "population.csv", people)
    social(table)


def social(table: list[dict[str, str]]) -> None:
    """Figures of the social portrait; one that is not given is not available, not 0."""
    told: list[dict[str, object]] = []
    for row in table:
        line: dict[str, object] = {"code_insee": row["code_insee"], "nom": row["nom"]}
        for key in SOCIAL:
            line[key] = row[key]
            line[f"{key}_status"] = "observed" if row[key] else "not_available"
        told.append(line)
    write(HERE / "communes" / "social.csv", told)


def contours(facts: Path) -> None:
    """Commune outlines with name and EPCI, one feature a line, sorted by code."""
    known = {row["code_insee"]: row for row in rows(facts / "communes.csv")}
    layer = json.loads((facts / "contours.geojson").read_text(encoding="utf-8"))
    features = sorted(layer["features"], key=lambda each: each["properties"]["code_insee"])
    lines = []
    for each in features:
        code = each["properties"]["code_insee"]
        each["properties"] = {
            "code_insee": code,
            "nom": known[code]["nom"],
            "epci": known[code]["epci"],
        }
        lines.append(json.dumps(each, ensure_ascii=False, separators=(",", ":")))
    head = '{"type":"FeatureCollection","name":"contours","features":[\n'
    path = HERE / "communes" / "contours.geojson"
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    print(f"{path.relative_to(HERE.parent)}: {len(lines)} features")


def row_code(row: dict[str, str]) -> str:
    """Return the code of the commune of a row."""
    return row["code_insee"]


def convention(facts: Path) -> None:
    """Places that the convention names: known to their commune only."""
    table: list[dict[str, object]] = [
        {"equipement_id": f"ctg-{number}", "nom": row["nom"], "type": row["type"],
         "code_insee": row["code_insee"], "location_status": "estimated", "source": row["source"]}
        for number, row in enumerate(rows(facts / "convention_equipements.csv"), start=1)
    ]  # fmt: skip
    write(HERE / "equipements" / "convention_2021.csv", table)


def youth_tours(facts: Path) -> None:
    """List the stops of the mobile youth points, one a row; their hours are not known."""
    codes = {row["nom"]: row["code_insee"] for row in rows(facts / "communes.csv")
             if row["in_agglo"] == "True"}  # fmt: skip
    table: list[dict[str, object]] = [
        {"equipement_id": f"tour-{row['tour']}-{codes[row['commune']]}",
         "nom": f"Point jeunesse itinérant {row['tour']}, {row['commune']}", "tour": row["tour"],
         "code_insee": codes[row["commune"]], "delivery": "mobile", "hours_per_week": "",
         "location_status": "estimated", "source": row["source"]}
        for row in rows(facts / "mobile_youth_tours.csv")
    ]  # fmt: skip
    write(HERE / "equipements" / "points_jeunesse_itinerants.csv", table)


def schools(facts: Path) -> None:
    """Primary schools counted by the 2013 BPE, as childcare centres are."""
    counted(facts, "primary_schools", "ecoles")


def creches(facts: Path) -> None:
    """Childcare centres counted by the 2013 BPE."""
    counted(facts, "childcare_centres", "creches")


def counted(facts: Path, column: str, name: str) -> None:
    """Places counted by the 2013 BPE; communes it does not know are unknown, not 0."""
    known = {row["code_insee"]: row["nom"] for row in rows(facts / "communes.csv")}
    counts = {row["code_insee"]: row[column] for row in rows(facts / "bpe_2013_counts.csv")}
    table: list[dict[str, object]] = []
    for code in sorted(known):
        status = "not_available" if code not in counts else "observed"
        note = (
            "commune fusionnée depuis : compte de l'ancien chef-lieu seul"
            if code in PARTIAL_2013
            else ""
        )
        table.append({
            "code_insee": code, "nom": known[code], name: counts.get(code, ""),
            f"{name}_status": "estimated" if code in PARTIAL_2013 else status, "note": note,
        })  # fmt: skip
    write(HERE / "equipements" / f"{name}_bpe_2013.csv", table)


def france_services(facts: Path) -> None:
    """France services with their hours added up over a week."""
    table: list[dict[str, object]] = []
    for row in sorted(
        rows(facts / "france_services_2024.csv"), key=lambda each: int(each["id_fs"])
    ):
        hours = sum(span(row[key]) for key in row if key.startswith("h_"))
        table.append({
            "equipement_id": f"fs-{row['id_fs']}", "nom": row["lib_fs"],
            "code_insee": row["insee_com"],
            "lon": row["lon"], "lat": row["lat"], "delivery": DELIVERY[row["format_fs"]],
            "hours_per_week": f"{hours:g}" if hours else "",
        })  # fmt: skip
    write(HERE / "equipements" / "france_services_2024.csv", table)


def span(text: str) -> float:
    """Return the hours in "08:30 - 12:00 / 13:30 - 17:00"."""
    minutes = 0
    for start_h, start_m, end_h, end_m in SPAN.findall(text):
        minutes += 60 * (int(end_h) - int(start_h)) + int(end_m) - int(start_m)
    return minutes / 60


def main() -> None:
    """Rebuild everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=Path, default=HERE.parent.parent / "shared" / "facts")
    facts = parser.parse_args().facts
    for make in (
        communes,
        contours,
        creches,
        schools,
        france_services,
        convention,
        youth_tours,
    ):
        make(facts)


if __name__ == "__main__":
    main()

"""What each site of a plan brings, and to whom: people at the norm, places, minutes saved."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import nearest
from ctg_geo.siting.why import brought
from ctg_geo.study.site_answer import Answer
from ctg_geo.study.site_ground import Bench
from ctg_geo.travel import TravelTimes

__all__ = ["people_brought"]

Floats = npt.NDArray[np.float64]


def people_brought(bench: Bench, answer: Answer) -> pd.DataFrame:
    """Count the people of the territory whom each site alone brings within the norm.

    Returns
    -------
    DataFrame: site, owner (code_insee), people, gained (places; for trips, minutes saved)
    """
    if answer.fair is not None and answer.question is not None:
        norm = bench.service.per_100
        assert norm is not None, "plans on access are of services judged on supply"
        table = brought(answer.question.ground, answer.fair, bench.code, norm=norm / 100)
        inside = set(bench.code[bench.counted])
        return pd.DataFrame(table[table["owner"].isin(inside)])
    return _within(bench, answer)


def _within(bench: Bench, answer: Answer) -> pd.DataFrame:
    """Count those within the minutes of a site opened and of no other place; minutes saved.

    `gained` are the minutes that people of the owner save on average, over those whom the site
    is now the nearest of; a trip that there was none of counts as the longest.
    """
    open_to = [*answer.opened, *bench.standing.index]
    every = bench.times.to_destinations(bench.times.destinations.isin(open_to))
    near = every.within(min(bench.within_min, bench.service.max_min))
    reaching = np.bincount(near.rows, minlength=len(near.origins))
    only = reaching[near.rows] == 1
    people = bench.demand.where(bench.counted, 0.0).reindex(near.origins).to_numpy(np.float64)
    code = bench.code.reindex(near.origins).to_numpy()
    alone_at = pd.DataFrame({
        "site": near.destinations.to_numpy()[near.to[only]], "owner": code[near.rows[only]],
        "people": people[near.rows[only]],
    })  # fmt: skip
    saved = _saved(bench, every, people, code)
    if not np.isfinite(bench.within_min):
        alone_at = alone_at.iloc[:0]
    table = pd.concat([alone_at, saved]).fillna({"people": 0.0, "told": 0.0, "weight": 0.0})
    table = table[table["site"].isin(answer.opened)]
    summed = table.groupby(["site", "owner"], as_index=False)[["people", "told", "weight"]].sum()
    summed = summed[(summed["people"] > 0) | (summed["told"] > 0)]
    gained = (summed["told"] / summed["weight"]).where(summed["weight"] > 0)
    summed = summed.assign(gained=gained, less=-summed["people"])
    ordered = summed.sort_values(["site", "less", "owner"], kind="stable")
    return pd.DataFrame(ordered[["site", "owner", "people", "gained"]])


def _saved(
    bench: Bench, every: TravelTimes, people: Floats, code: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Return, for each home, its nearest place with the plan and the minutes that it saves."""
    with_plan = nearest(every)
    today = nearest(every.to_destinations(every.destinations.isin(bench.standing.index)))
    longest = bench.service.max_min
    less = today["minutes"].fillna(longest) - with_plan["minutes"].fillna(longest)
    saving = (less > 0).to_numpy() & (people > 0)
    return pd.DataFrame({
        "site": with_plan["destination"].to_numpy()[saving], "owner": code[saving],
        "told": (less.to_numpy(np.float64) * people)[saving], "weight": people[saving],
    })  # fmt: skip

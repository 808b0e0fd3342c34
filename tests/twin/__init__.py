"""A brute-force twin of the engine, from files to gaps: slow, plain, and written apart.

It reads the files of a study with `csv`, `json` and `tomllib`, and works out by sums over all pairs
what the documents of `docs/` say that a diagnosis is. It imports nothing of `ctg_geo`, uses
neither numpy nor any geometry library, and keeps fractions exact where weights are.

`files` (what is read) -> `roads` (times) -> `access` (shared supply) -> `verdict` (a diagnosis)
-> `gaps` (causes, remedies, inequality); `writing` makes random studies for both to read.

Limits: communes are rectangles along the axes, roads straight segments, and parts of the network
under 1 % of its nodes do not exist (networks have fewer than 100).
"""

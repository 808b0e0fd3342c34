"""Events on communes in the exact format of Insee's v_mvt_commune, for tests."""

HEADER = (
    '"MOD","DATE_EFF","TYPECOM_AV","COM_AV","TNCC_AV","NCC_AV","NCCENR_AV","LIBELLE_AV",'
    '"TYPECOM_AP","COM_AP","TNCC_AP","NCC_AP","NCCENR_AP","LIBELLE_AP"'
)


def row(mod, date, before, after, *, av="COM", ap="COM", name="Nom"):
    """Return one line: what a commune was before an event and what it is after."""
    cells = [mod, date, av, before, "0", name.upper(), name, name,
             ap, after, "0", name.upper(), name, name]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def text(*rows):
    """Return the whole file."""
    return "\n".join([HEADER, *rows]) + "\n"


# Valherbasse, 2019: three communes become one, which keeps the code of Montrigaud.
VALHERBASSE = (
    row("32", "2019-01-01", "26210", "26210", name="Valherbasse"),
    row("32", "2019-01-01", "26210", "26210", ap="COMD", name="Montrigaud"),
    row("32", "2019-01-01", "26184", "26210", name="Valherbasse"),
    row("32", "2019-01-01", "26184", "26184", ap="COMD", name="Miribel"),
    row("32", "2019-01-01", "26297", "26210", name="Valherbasse"),
    row("32", "2019-01-01", "26297", "26297", ap="COMD", name="Saint-Bonnet-de-Valclérieux"),
)
# A merger of 2016 undone in 2024: the delegated commune is a commune again.
UNDONE = (
    row("32", "2016-01-01", "14001", "14001", name="Le Tout"),
    row("32", "2016-01-01", "14002", "14001", name="Le Tout"),
    row("32", "2016-01-01", "14002", "14002", ap="COMD", name="Deux"),
    row("21", "2024-01-01", "14001", "14001", name="Un"),
    row("21", "2024-01-01", "14001", "14002", name="Deux"),
    row("21", "2024-01-01", "14002", "14002", av="COMD", name="Deux"),
)
EXCHANGE = (row("41", "2018-01-01", "49380", "44225", name="Loireauxence"),)
RENAMED = (row("10", "2021-03-15", "26001", "26001", name="Nouveau-Nom"),)

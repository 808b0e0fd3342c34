"""Road files as IGN delivers them: BD TOPO (GeoPackage, Shapefile) and ROUTE 500 (Shapefile)."""

import warnings

import geopandas as gpd
import shapely

__all__ = ["LONG", "ROUTE500", "SHORT", "bdtopo_gpkg", "bdtopo_shp", "route500_shp"]

# Column of the GeoPackage -> value of an ordinary road; and its name in the Shapefile.
LONG = {
    "cleabs": "", "nature": "Route à 1 chaussée", "nom_collaboratif_gauche": "",
    "nom_collaboratif_droite": "", "importance": "4", "fictif": False,
    "position_par_rapport_au_sol": "0", "etat_de_l_objet": "En service",
    "date_creation": "2006-05-05T10:00:00", "sources": None, "precision_planimetrique": 2.5,
    "nombre_de_voies": 2, "largeur_de_chaussee": 5.5, "itineraire_vert": False, "prive": False,
    "sens_de_circulation": "Double sens", "reserve_aux_bus": None, "urbain": False,
    "vitesse_moyenne_vl": 60, "acces_vehicule_leger": "Libre", "acces_pieton": None,
    "periode_de_fermeture": None, "nature_de_la_restriction": None,
    "restriction_de_hauteur": None, "restriction_de_poids_total": None,
    "insee_commune_gauche": "26362", "cpx_numero": None, "cpx_classement_administratif": None,
    "nom_voie_ban_gauche": None, "nom_voie_ban_droite": None,
    "sens_amenagement_cyclable_gauche": None, "sens_amenagement_cyclable_droit": None,
    "amenagement_cyclable_gauche": None, "amenagement_cyclable_droit": None,
}  # fmt: skip
SHORT = {
    "cleabs": "ID", "nature": "NATURE", "nom_collaboratif_gauche": "NOM_COLL_G",
    "nom_collaboratif_droite": "NOM_COLL_D", "importance": "IMPORTANCE", "fictif": "FICTIF",
    "position_par_rapport_au_sol": "POS_SOL", "etat_de_l_objet": "ETAT",
    "date_creation": "DATE_CREAT", "sources": "SOURCE", "precision_planimetrique": "PREC_PLANI",
    "nombre_de_voies": "NB_VOIES", "largeur_de_chaussee": "LARGEUR", "itineraire_vert": "IT_VERT",
    "prive": "PRIVE", "sens_de_circulation": "SENS", "reserve_aux_bus": "BUS",
    "urbain": "URBAIN", "vitesse_moyenne_vl": "VIT_MOY_VL", "acces_vehicule_leger": "ACCES_VL",
    "acces_pieton": "ACCES_PED", "periode_de_fermeture": "FERMETURE",
    "nature_de_la_restriction": "NAT_RESTR", "restriction_de_hauteur": "RESTR_H",
    "restriction_de_poids_total": "RESTR_P", "insee_commune_gauche": "INSEECOM_G",
    "cpx_numero": "NUMERO", "cpx_classement_administratif": "CL_ADMIN",
    "nom_voie_ban_gauche": "NOM_BAN_G", "nom_voie_ban_droite": "NOM_BAN_D",
    "sens_amenagement_cyclable_gauche": "SENS_CYC_G",
    "sens_amenagement_cyclable_droit": "SENS_CYC_D",
    "amenagement_cyclable_gauche": "CYCLABLE_G", "amenagement_cyclable_droit": "CYCLABLE_D",
}  # fmt: skip
ROUTE500 = {
    "ID_RTE500": 0, "VOCATION": "Liaison locale", "NB_CHAUSSE": "1 chaussée",
    "NB_VOIES": "2 voies larges", "ETAT": "Revêtu", "ACCES": "Libre",
    "RES_VERT": "N'appartient pas", "SENS": "Double sens", "NUM_ROUTE": "D999",
    "RES_EUROPE": None, "LONGUEUR": 0.0, "CLASS_ADM": "Départementale",
}  # fmt: skip


def line(*places, z=210.0):
    """Return a line of points with a height, as IGN draws roads."""
    return shapely.LineString([(x, y, z) for x, y in places])


def table(usual, roads, identify):
    """Write roads, (shape, what differs from the usual), as a table in EPSG:2154."""
    rows = [{**usual, **identify(number), **given} for number, (_, given) in enumerate(roads)]
    columns = {key: [row[key] for row in rows] for row in rows[:1] for key in row}
    shapes = [shape for shape, _ in roads]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:2154")


def bdtopo_gpkg(path, roads, *, crs="EPSG:2154", drop=(), layer="troncon_de_route"):
    """Write roads as the layer troncon_de_route of a GeoPackage, beside another layer."""
    found = table(LONG, roads, lambda n: {"cleabs": f"TRONROUT{n:016d}"}).drop(columns=list(drop))
    found = found.to_crs(crs) if crs else found.set_crs(None, allow_override=True)
    other = gpd.GeoDataFrame({"nature": ["Parking"]}, geometry=[shapely.Point(0, 0)], crs=crs)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # asked for
        found.to_file(path, layer=layer, GEOMETRY_NAME="geometrie", engine="pyogrio")
        other.to_file(path, layer="equipement_de_transport", mode="a", engine="pyogrio")
    return path


def bdtopo_shp(path, roads, *, drop=(), encoding="utf-8"):
    """Write roads as TRONCON_DE_ROUTE.shp: names of 10 capitals, Oui and Non."""
    found = table(LONG, roads, lambda n: {"cleabs": f"TRONROUT{n:016d}"})
    for column in ("fictif", "itineraire_vert", "prive", "urbain"):
        found[column] = found[column].map({True: "Oui", False: "Non"})
    kept = found.drop(columns=list(drop)).rename(columns=SHORT)
    kept.to_file(path, encoding=encoding, engine="pyogrio")
    return path


def route500_shp(path, roads, *, drop=(), encoding="cp1252"):
    """Write roads as TRONCON_ROUTE.shp; LONGUEUR is in kilometres."""
    found = table(
        ROUTE500, [(shape, {"LONGUEUR": round(shapely.length(shape) / 1000, 2), **given})
                   for shape, given in roads], lambda n: {"ID_RTE500": n},
    ).drop(columns=list(drop))  # fmt: skip
    found.to_file(path, encoding=encoding, engine="pyogrio")
    return path

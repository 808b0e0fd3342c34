"""The plugin of QGIS: its algorithms call the engine, which is installed beside QGIS.

QGIS loads this folder with its own Python, where ctg_geo is not: it imports nothing of it, and
says nothing but `words.json`, which is packed beside.
"""


def classFactory(iface):
    """Return the plugin; QGIS calls this."""
    from .provider import Plugin

    return Plugin(iface)

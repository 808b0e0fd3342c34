"""Open a project or a GeoPackage in real QGIS, headless, and say as JSON what it sees.

Run by the Python that has PyQGIS, never inside pytest: PyQGIS may die on leaving.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path

EVERY = "#!allattributes!#"  # what QGIS says of an expression that reads a whole feature
EXPRESSION = re.compile(r"\[%(.*?)%\]", re.DOTALL)


def expressions(layer):
    """Every expression that a layer draws, names or tells features by."""
    from qgis.core import QgsRenderContext

    renderer, found = layer.renderer(), []
    if renderer is not None:
        if renderer.type() == "invertedPolygonRenderer":
            renderer = renderer.embeddedRenderer()
        used = renderer.usedAttributes(QgsRenderContext()) - {"", EVERY}
        found += [f'"{each}"' if each.isidentifier() else each for each in sorted(used)]
        if renderer.type() == "RuleRenderer":
            found += [each.filterExpression() for each in renderer.rootRule().descendants()]
    if layer.labelsEnabled() and layer.labeling():
        settings = layer.labeling().settings(layer.labeling().subProviders()[0])
        found.append(settings.fieldName if settings.isExpression else f'"{settings.fieldName}"')
        given = settings.dataDefinedProperties()
        found += [given.property(key).expressionString() for key in given.propertyKeys()]
    found += EXPRESSION.findall(layer.mapTipTemplate())
    return [*found, layer.displayExpression()]


def faults(layer):
    """What is wrong with the expressions of a layer: unread, or naming no field."""
    from qgis.core import QgsExpression

    names, wrong = set(layer.fields().names()), []
    for said in expressions(layer):
        read = QgsExpression(said)
        missing = sorted(set(read.referencedColumns()) - names - {EVERY})
        if read.hasParserError() or missing:
            wrong.append(f"{layer.name()}: {said}: {read.parserErrorString() or missing}")
    return wrong


def classes(layer):
    """Count the features that each category draws, and those that nothing draws."""
    from qgis.core import QgsExpressionContext, QgsExpressionContextUtils, QgsRenderContext

    renderer, context = layer.renderer().clone(), QgsRenderContext()
    scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    context.setExpressionContext(QgsExpressionContext(scopes))
    context.setRendererScale(100_000)
    labels = {each.ruleKey(): each.label() for each in renderer.legendSymbolItems()}
    rest = ""
    if renderer.type() == "categorizedSymbol":
        pairs = zip(renderer.legendSymbolItems(), renderer.categories(), strict=False)
        rest = next((item.ruleKey() for item, each in pairs if each.value() in ("", None)), "")
    counts, undrawn = dict.fromkeys(labels.values(), 0), 0
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        drawn = renderer.willRenderFeature(feature, context)
        undrawn += not drawn
        keys = renderer.legendKeysForFeature(feature, context) or ({rest} if drawn and rest else ())
        for key in keys:
            if key in labels:
                counts[labels[key]] += 1
    renderer.stopRender(context)
    return counts, undrawn


def described(layer):
    from qgis.core import QgsRasterLayer, QgsVectorLayer

    found = {"name": layer.name(), "id": layer.id(), "valid": layer.isValid(),
             "source": layer.publicSource(), "crs": layer.crs().isValid()}  # fmt: skip
    if isinstance(layer, QgsRasterLayer) and layer.isValid():
        shader = layer.renderer().shader().rasterShaderFunction()
        found |= {"faults": [], "aliases": {}, "spatial": True,
                  "bounds": [each.value for each in shader.colorRampItemList()]}  # fmt: skip
    if isinstance(layer, QgsVectorLayer) and layer.isValid():
        found |= {
            "spatial": layer.isSpatial(), "features": layer.featureCount(),
            "faults": faults(layer), "labels": layer.labelsEnabled(),
            "aliases": {each.name(): each.alias() for each in layer.fields()},
            "styles": layer.styleManager().styles(),
        }  # fmt: skip
        if layer.isSpatial():
            found["renderer"] = layer.renderer().type()
            found["classes"], found["undrawn"] = classes(layer)
    return found


def rendered(project, layers, file):
    """Draw layers as PNG; say how many colours there are, and the share of the commonest."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle
    from qgis.PyQt.QtCore import QSize

    settings = QgsMapSettings()
    settings.setOutputSize(QSize(600, 600))
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs() if project.crs().isValid() else layers[0].crs())
    settings.setBackgroundColor(project.backgroundColor())
    extent = QgsRectangle()
    for layer in layers:
        extent.combineExtentWith(settings.layerExtentToOutputExtent(layer, layer.extent()))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(str(file))
    points = [image.pixelColor(x, y).name() for x in range(0, 600, 3) for y in range(0, 600, 3)]
    return sorted(set(points), key=points.count, reverse=True)[:12]


def printed(layout, folder, sheets):
    """Export a layout, the first sheets of its atlas, and say what stands on them."""
    from qgis.core import QgsLayoutExporter

    atlas, found = layout.atlas(), {"name": layout.name(), "sheets": [], "files": []}
    found["atlas"] = atlas.updateFeatures() if atlas.enabled() else 0
    atlas.beginRender()
    more = atlas.first() if atlas.enabled() else True
    for at in range(sheets if atlas.enabled() else 1):
        if not more:
            break
        stem = folder / re.sub(r"\W+", "_", f"{layout.name()} {at}")
        exporter = QgsLayoutExporter(layout)
        image = QgsLayoutExporter.ImageExportSettings()
        image.dpi = 60
        pdf = QgsLayoutExporter.PdfExportSettings()
        for done, file in (
            (exporter.exportToPdf(f"{stem}.pdf", pdf), f"{stem}.pdf"),
            (exporter.exportToImage(f"{stem}.png", image), f"{stem}.png"),
        ):
            found["files"].append([file, int(done), Path(file).stat().st_size])
        found["sheets"].append(standing(layout))
        more = atlas.next() if atlas.enabled() else False
    atlas.endRender()
    return found


def standing(layout):
    """Text of a page, rows of its tables, layers of its maps, and what runs off it."""
    from qgis.core import (
        QgsLayoutItem,
        QgsLayoutItemAttributeTable,
        QgsLayoutItemLabel,
        QgsLayoutItemLegend,
        QgsLayoutItemMap,
        QgsLayoutItemPage,
        QgsLayoutItemScaleBar,
    )  # fmt: skip

    page = layout.pageCollection().page(0).rect()
    found = {"text": [], "maps": {}, "off": [], "unlinked": [], "tables": [], "legend": [],
             "written": {}}  # fmt: skip
    for item in layout.items():
        if not isinstance(item, QgsLayoutItem) or isinstance(item, QgsLayoutItemPage):
            continue
        if isinstance(item, QgsLayoutItemLabel):
            found["text"].append(item.currentText())
        if isinstance(item, QgsLayoutItemMap):
            found["maps"][item.id()] = [each.name() for each in item.layersToRender()]
            found["written"][item.id()] = written_on(item)
        if isinstance(item, (QgsLayoutItemLegend, QgsLayoutItemScaleBar)) and not item.linkedMap():
            found["unlinked"].append(item.id())
        if isinstance(item, QgsLayoutItemLegend):
            for node in item.model().rootGroup().findLayers():
                own = item.model().layerLegendNodes(node)
                found["legend"] += [str(each.data(0)) for each in own]
        place, box = item.pagePos(), item.rect()
        if (
            min(place.x(), place.y()) < -1
            or place.x() + box.width() > page.width() + 1
            or place.y() + box.height() > page.height() + 1
        ):
            found["off"].append(item.id())
    found["tables"] = [rows_of(layout, each) for each in layout.multiFrames()
                       if isinstance(each, QgsLayoutItemAttributeTable)]  # fmt: skip
    return found


def written_on(item):
    """Return the names that a map writes, those that overlap, and those that hide a mark."""
    from qgis.core import QgsMapRendererSequentialJob, QgsVectorLayer, QgsWkbTypes
    from qgis.PyQt.QtCore import QSizeF

    dots = 100 / 25.4  # by millimetre
    size = QSizeF(item.rect().width() * dots, item.rect().height() * dots)
    settings = item.mapSettings(item.extent(), size, 100, True)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    placed = [each for each in job.takeLabelingResults().allLabels()
              if not getattr(each, "isUnplaced", False)]  # fmt: skip
    boxes = [(each.labelText, each.labelRect) for each in placed]
    shared = [(one, two, here.intersect(there)) for at, (one, here) in enumerate(boxes)
              for two, there in boxes[at + 1 :]]  # fmt: skip
    overlap = [(one, two) for one, two, box in shared if min(box.width(), box.height()) > 0]
    marks = [feature.geometry().asPoint() for layer in settings.layers()
             if isinstance(layer, QgsVectorLayer)
             and layer.geometryType() == QgsWkbTypes.PointGeometry
             for feature in layer.getFeatures(settings.visibleExtent())]  # fmt: skip
    hiding = [said for said, box in boxes if any(box.contains(each) for each in marks)]
    return {"names": [said for said, _ in boxes], "overlap": overlap, "hiding": hiding}


def rows_of(layout, table):
    """Return the cells of the rows that a table shows on the sheet being made.

    Its own contents cannot be read from Python, so its filter is worked out as it does.
    """
    from qgis.core import QgsExpression, QgsFeatureRequest

    wanted, context = QgsExpression(table.featureFilter()), layout.createExpressionContext()
    context.setFields(table.vectorLayer().fields())
    request, found = QgsFeatureRequest(), []
    request.addOrderBy(table.sortColumns()[0].attribute())
    for feature in table.vectorLayer().getFeatures(request):
        context.setFeature(feature)
        if wanted.evaluate(context):
            found.append([str(feature[each.attribute()]) for each in table.columns()])
    assert table.totalSize().height() > len(found), "rows are drawn"
    return found


def seen(options):
    """Open the file and look at all of it."""
    from qgis.core import Qgis, QgsProject, QgsVectorLayer

    project, told = QgsProject.instance(), {"qgis": Qgis.QGIS_VERSION}
    folder = Path(options.out)
    if options.file.endswith(".gpkg"):
        layers = [QgsVectorLayer(f"{options.file}|layername={each}", each, "ogr")
                  for each in options.tables]  # fmt: skip
        project.addMapLayers(layers)
        told["layers"] = [described(each) for each in layers]
        return told
    told["read"] = project.read(options.file)
    root = project.layerTreeRoot()
    layers = [node.layer() for node in root.findLayers()]
    told |= {
        "title": project.title(), "crs": project.crs().authid() if project.crs().isValid() else "",
        "groups": [each.name() for each in root.findGroups()],
        "lost": [each is None for each in layers].count(True),
        "outside": len(project.mapLayers()) - len(layers),
        "layers": [described(each) for each in layers if each is not None],
        "shown": [node.name() for node in root.findLayers() if node.isVisible()],
    }  # fmt: skip
    themes = project.mapThemeCollection()
    told["themes"] = {name: [each.name() for each in themes.mapThemeVisibleLayers(name)]
                      for name in themes.mapThemes()}  # fmt: skip
    shown = [node.layer() for node in root.findLayers() if node.isVisible() and node.layer()]
    told["colours"] = rendered(project, [each for each in shown if each.isSpatial()],
                               folder / "canvas.png")  # fmt: skip
    every = project.layoutManager().printLayouts()
    wanted = [each for each in every if not options.pages or each.name() in options.pages]
    told["layout_names"] = [each.name() for each in every]
    told["layouts"] = [printed(each, folder, options.sheets) for each in wanted]
    return told


def main():
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("file")
    read.add_argument("out", help="folder for pictures")
    read.add_argument("--sheets", type=int, default=2)
    read.add_argument("--pages", nargs="*", default=[])
    read.add_argument("--tables", nargs="*", default=[])
    options = read.parse_args()
    with tempfile.TemporaryDirectory() as own:
        Path(own).chmod(0o700)
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": own, "HOME": own,
                       "QGIS_CUSTOM_CONFIG_PATH": own}  # fmt: skip
        from qgis.core import QgsApplication

        application = QgsApplication([], False)
        application.initQgis()
        messages = []
        log = application.messageLog()
        log.messageReceived.connect(
            lambda text, tag, level: int(level) in (1, 2) and messages.append(f"{tag}: {text}")
        )
        told = seen(options)
        told["messages"] = messages
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""What the plugin adds to the toolbox: diagnose, compare scenarios, place services."""

import shlex
from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputFile,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from .engine import run
from .words import said

FILE = getattr(QgsProcessingParameterFile, "File", None)
if FILE is None:  # QGIS 4 names its values in full
    from qgis.core import Qgis

    FILE = Qgis.ProcessingFileParameterBehavior.File


class Engine(QgsProcessingAlgorithm):
    """What all algorithms share: a study, options, a folder, and a project at the end."""

    KEY = ""

    def name(self):
        return self.KEY

    def displayName(self):
        return said(f"{self.KEY}_name")

    def shortHelpString(self):
        return said(f"{self.KEY}_help")

    def createInstance(self):
        return type(self)()

    def initAlgorithm(self, configuration=None):
        study = QgsProcessingParameterFile(
            "CONFIG", said("config"), behavior=FILE, fileFilter=said("config_filter")
        )
        self.addParameter(study)
        self.add_own()
        self.addParameter(QgsProcessingParameterFolderDestination("OUT", said("out")))
        self.addOutput(QgsProcessingOutputFile("PROJECT", said("project")))

    def text(self, name, key, *, optional):
        """Add a line of text to fill in."""
        self.addParameter(QgsProcessingParameterString(name, said(key), optional=optional))

    def processAlgorithm(self, parameters, context, feedback):
        config = self.parameterAsFile(parameters, "CONFIG", context)
        out = Path(self.parameterAsString(parameters, "OUT", context))
        asked = [self.KEY, config, *self.arguments(parameters, context), "--out", str(out)]
        feedback.pushInfo(shlex.join(asked))
        code, last = run(asked, feedback)
        if feedback.isCanceled():
            raise QgsProcessingException(said("cancelled"))
        projects = sorted(out.rglob("projet.qgz")) if code in self.done(parameters, context) else []
        if code not in self.done(parameters, context):
            raise QgsProcessingException(said("failed", code=code) + "\n" + "\n".join(last))
        if code:
            feedback.reportError(said("partly"))
        found = {"OUT": str(out)}
        if projects:
            found["PROJECT"] = str(min(projects, key=lambda each: (len(each.parts), each)))
            feedback.pushInfo(said("open", project=found["PROJECT"]))
        return found

    def done(self, parameters, context):
        """Return the exit codes that leave results."""
        return (0,)


class Diagnose(Engine):
    """Diagnose a service, those of the study, or all themes."""

    KEY = "diagnose"

    def add_own(self):
        self.text("SERVICE", "service", optional=True)
        self.addParameter(QgsProcessingParameterBoolean("ALL", said("all"), defaultValue=False))

    def arguments(self, parameters, context):
        service = self.parameterAsString(parameters, "SERVICE", context).strip()
        if self.parameterAsBool(parameters, "ALL", context):
            return ["--all"]
        return ["--service", service] if service else []

    def done(self, parameters, context):
        """With all themes, a service whose data are wrong is told, and the others go on."""
        return (0, 1) if self.parameterAsBool(parameters, "ALL", context) else (0,)


class Compare(Engine):
    """Compare scenarios with the situation as it is."""

    KEY = "compare"

    def add_own(self):
        kind = getattr(QgsProcessing, "TypeFile", None)
        if kind is None:
            from qgis.core import Qgis

            kind = Qgis.ProcessingSourceType.File
        self.addParameter(
            QgsProcessingParameterMultipleLayers("SCENARIOS", said("scenarios"), kind)
        )
        self.text("SERVICE", "service", optional=True)

    def arguments(self, parameters, context):
        service = self.parameterAsString(parameters, "SERVICE", context).strip()
        files = self.parameterAsFileList(parameters, "SCENARIOS", context)
        return [*files, *(["--service", service] if service else [])]


class Site(Engine):
    """Place services where they serve best."""

    KEY = "site"

    def add_own(self):
        self.text("SERVICE", "service", optional=False)
        self.text("OPTIONS", "options", optional=True)

    def arguments(self, parameters, context):
        options = self.parameterAsString(parameters, "OPTIONS", context)
        service = self.parameterAsString(parameters, "SERVICE", context).strip()
        return ["--service", service, *shlex.split(options)]


ALGORITHMS = (Diagnose, Compare, Site)

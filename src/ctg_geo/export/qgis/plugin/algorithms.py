"""What the plugin adds to the toolbox: diagnose, compare scenarios, place services."""

import shlex
from pathlib import Path

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputFile,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from .engine import run
from .parameters import ADVANCED, FILE, FILES, Option, parts
from .results import layers_of, load
from .words import said


class Engine(QgsProcessingAlgorithm):
    """What all algorithms share: a study, options, a folder; layers and a project at the end."""

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
        loaded = QgsProcessingParameterBoolean("LOAD", said("load"), defaultValue=True)
        loaded.setFlags(loaded.flags() | ADVANCED)
        self.addParameter(loaded)
        self.addParameter(QgsProcessingParameterFolderDestination("OUT", said("out")))
        self.addOutput(QgsProcessingOutputFile("PROJECT", said("project")))
        self.addOutput(QgsProcessingOutputMultipleLayers("LAYERS", said("layers")))

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
        if code not in self.done(parameters, context):
            raise QgsProcessingException(said("failed", code=code) + "\n" + "\n".join(last))
        if code:
            feedback.reportError(said("partly"))
        layers = layers_of(out)
        if self.parameterAsBool(parameters, "LOAD", context):
            load(layers, context)
        found = {"OUT": str(out), "LAYERS": [source for source, _ in layers]}
        projects = sorted(out.rglob("projet.qgz"))
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
        files = QgsProcessingParameterMultipleLayers("SCENARIOS", said("scenarios"), FILES,
                                                     optional=True)  # fmt: skip
        files.setHelp(said("help_scenarios"))
        self.addParameter(files)
        self.text("NAMES", "names", optional=True)
        self.text("SERVICES", "services", optional=True)

    def checkParameterValues(self, parameters, context):
        if not self.scenarios(parameters, context):
            return False, said("no_scenario")
        return super().checkParameterValues(parameters, context)

    def scenarios(self, parameters, context):
        """Return scenarios by file, then by name."""
        names = self.parameterAsString(parameters, "NAMES", context)
        files = self.parameterAsFileList(parameters, "SCENARIOS", context)
        return [*(each for each in files if each), *parts(names)]  # none is told as ""

    def arguments(self, parameters, context):
        services = parts(self.parameterAsString(parameters, "SERVICES", context))
        asked = [word for each in services for word in ("--service", each)]
        return [*self.scenarios(parameters, context), *asked]


class Site(Engine):
    """Place services where they serve best."""

    KEY = "site"
    OPTIONS = (
        Option("service", "text", need=True, plain=True),
        Option("objective", "choice", need=True, plain=True, choices=(
            "shortfall", "floor", "cover", "gini", "severity", "median", "center",
        )),
        Option("new", "whole", plain=True),
        Option("exactly", "flag", plain=True),
        Option("capacity", "text", plain=True),
        Option("then", "choice", choices=(
            "shortfall", "floor", "cover", "gini", "severity", "cost", "places", "sites",
        )),
        Option("total", "real"),
        Option("budget", "real"),
        Option("cost_open", "real"),
        Option("cost_place", "real"),
        Option("at_least", "list"),
        Option("force", "list"),
        Option("forbid", "list"),
        Option("close", "list"),
        Option("resize", "list"),
        Option("prefer", "list"),
        Option("candidates", "list", default="chefs_lieux", helped=True),
        Option("share", "real"),
        Option("within", "real"),
        Option("frontier", "flag"),
        Option("step", "real"),
        Option("time_limit", "real", default=60),
    )  # fmt: skip

    def add_own(self):
        for each in self.OPTIONS:
            self.addParameter(each.parameter())

    def arguments(self, parameters, context):
        return [word for each in self.OPTIONS for word in each.words(self, parameters, context)]


ALGORITHMS = (Diagnose, Compare, Site)

"""The plugin and its provider of algorithms."""

from qgis.core import QgsApplication, QgsProcessingProvider

from .algorithms import ALGORITHMS
from .engine import SETTING
from .words import said


class Provider(QgsProcessingProvider):
    """The algorithms of ctg-geo, and where its command is."""

    def id(self):
        return "ctggeo"

    def name(self):
        return "ctg-geo"

    def longName(self):
        return said("about")

    def load(self):
        from processing.core.ProcessingConfig import ProcessingConfig, Setting

        ProcessingConfig.settingIcons[self.name()] = self.icon()
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, said("setting"), ""))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        from processing.core.ProcessingConfig import ProcessingConfig

        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self):
        for each in ALGORITHMS:
            self.addAlgorithm(each())


class Plugin:
    """What QGIS starts and stops."""

    def __init__(self, iface):
        self.provider = None

    def initProcessing(self):
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        self.initProcessing()

    def unload(self):
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

"""The kinds of parameters that forms ask for, whatever the version of QGIS names them."""

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .words import said


def _value(owner, name, *newer):
    """Return a value by the name it had up to QGIS 3, else by those of QGIS 4."""
    found = getattr(owner, name, None)
    return found if found is not None else getattr(getattr(Qgis, newer[0]), newer[1])


FILE = _value(QgsProcessingParameterFile, "File", "ProcessingFileParameterBehavior", "File")
FILES = _value(QgsProcessing, "TypeFile", "ProcessingSourceType", "File")
ADVANCED = _value(QgsProcessingParameterDefinition, "FlagAdvanced",
                  "ProcessingParameterFlag", "Advanced")  # fmt: skip
WHOLE = _value(QgsProcessingParameterNumber, "Integer", "ProcessingNumberParameterType", "Integer")
REAL = _value(QgsProcessingParameterNumber, "Double", "ProcessingNumberParameterType", "Double")


class Option:
    """An option of the command, as a parameter of a form.

    `kind` is flag, whole, real, text (one word), list (words apart by commas, the option being
    repeated) or one of `choices`. `need` tells that it must be given; `plain` that it stands
    among the first ones, the others being under advanced ones; `helped`, that more is said of it.
    """

    def __init__(self, name, kind, *, choices=(), need=False, plain=False, default=None,
                 helped=False):  # fmt: skip
        self.name, self.kind, self.choices = name, kind, choices
        self.need, self.plain, self.default, self.helped = need, plain, default, helped

    @property
    def key(self):
        return self.name.upper()

    @property
    def flag(self):
        return "--" + self.name.replace("_", "-")

    def parameter(self):
        """Return the parameter of a form."""
        label, given = said(f"site_{self.name}"), {"optional": not self.need}
        if self.kind == "flag":
            made = QgsProcessingParameterBoolean(self.key, label, defaultValue=False)
        elif self.kind == "choice":
            words = [said(f"choice_{each}") for each in self.choices]
            made = QgsProcessingParameterEnum(self.key, label, options=words, **given)
        elif self.kind in ("whole", "real"):
            kind = WHOLE if self.kind == "whole" else REAL
            made = QgsProcessingParameterNumber(self.key, label, type=kind, minValue=0,
                                                defaultValue=self.default, **given)  # fmt: skip
        else:
            made = QgsProcessingParameterString(self.key, label, defaultValue=self.default, **given)
        if self.helped:
            made.setHelp(said(f"help_{self.name}"))
        if not self.plain:
            made.setFlags(made.flags() | ADVANCED)
        return made

    def words(self, algorithm, parameters, context):
        """Return what the option adds to the command; nothing where it was not given."""
        if self.kind == "flag":
            asked = algorithm.parameterAsBool(parameters, self.key, context)
            return [self.flag] if asked else []
        if parameters.get(self.key) is None:
            return []
        if self.kind == "choice":
            chosen = algorithm.parameterAsEnum(parameters, self.key, context)
            return [self.flag, self.choices[chosen]]
        if self.kind == "whole":
            return [self.flag, str(algorithm.parameterAsInt(parameters, self.key, context))]
        if self.kind == "real":
            number = algorithm.parameterAsDouble(parameters, self.key, context)
            return [self.flag, f"{number:.12g}"]
        text = algorithm.parameterAsString(parameters, self.key, context)
        each = parts(text) if self.kind == "list" else [text.strip()]
        return [word for one in each if one for word in (self.flag, one)]


def parts(text):
    """Return the words of a text that commas or semicolons part."""
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]

"""How the site is built: `make docs`, then open out/docs/index.html."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

import ctg_geo  # noqa: E402

project = "ctg-geo"
version = release = ctg_geo.__version__
copyright = "ctg-geo contributors, MIT"  # noqa: A001  (Sphinx's name)
language = "fr"
html_title = "ctg-geo"
html_theme = "furo"
html_copy_source = False
html_last_updated_fmt = None
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#7a1f5c", "color-brand-content": "#7a1f5c"},
    "dark_css_variables": {"color-brand-primary": "#e3b5d0", "color-brand-content": "#e3b5d0"},
}
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
autodoc_default_options = {"members": True, "imported-members": True, "show-inheritance": True}
autodoc_member_order = "alphabetical"
autodoc_typehints = "description"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
exclude_patterns = ["images/**"]
# Files of the project that pages link to stand outside the site; docstrings are numpydoc with
# short forms ("Parameters, Raises: see ...") that docutils reads as plain paragraphs.
suppress_warnings = [
    "myst.xref_missing",
    "docutils",
    "autodoc",
    "ref.python",
    "misc.highlighting_failure",
]

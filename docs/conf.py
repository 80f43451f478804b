"""One configuration for both languages; `docs/build.py` says which, in DOCS_LANGUAGE."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

language = os.environ.get("DOCS_LANGUAGE", "ko")
project = {"ko": "PyTorch로 배우는 선형 회귀", "en": "Linear Regression in PyTorch"}[language]
copyright = "linreg_tutorial, CC BY 4.0"
locale_dirs = ["locale"]

# where the book is published and written, if that is known; addresses.py checks them
base_url = os.environ.get("DOCS_BASE_URL", "")
html_baseurl = f"{base_url}/{language}/" if base_url else ""
repository = os.environ.get("DOCS_REPOSITORY", "")
branch = os.environ.get("DOCS_BRANCH", "main")
pages_branch = os.environ.get("DOCS_PAGES_BRANCH", "gh-pages")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
    "addresses",
    "anchors",
    "animations",
    "bilingual_glossary",
    "code_links",
    "copy_button",
    "docstrings",
    "downloads",
    "exercises",
    "folds",
    "full_text_search",
    "gallery_pages",
    "glossary_hints",
    "laboratory",
    "languages",
    "lean_pages",
    "learning_path",
    "line_breaks",
    "mathematics",
    "notebook_figures",
    "page_head",
    "questions",
    "redirects",
    "scroll_boxes",
    "social_card",
    "source_table",
    "standard_html",
    "themed_figures",
    "thumbnails",
    "used_in",
]
templates_path = ["_templates"]
exclude_patterns = [
    "_*",
    "locale",
    ".jupyter_cache",
    *(f"gallery/**.{suffix}" for suffix in ("ipynb", "py", "zip", "json", "md5")),
]

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = project
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_css_files = ["book.css"]
html_js_files = ["language.js", "drawers.js"]
html_theme_options = {"top_of_page_buttons": []}
html_additional_pages = {"search": "search.html"}
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
default_role = "code"  # of the single backticks in docstrings
html_use_index = False  # the reference is short, and the search finds its names
html_domain_indices = False

sphinx_gallery_conf = {
    "examples_dirs": "../gallery",
    "gallery_dirs": "gallery",
    "copyfile_regex": r"index\.rst",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("gallery_figures.scrape",),
    "reset_modules": ("matplotlib", "gallery_figures.reset_style"),
    "css": ("sg_gallery",),
    "capture_repr": (),
    "download_all_examples": False,
    "inspect_global_variables": False,
    "abort_on_example_error": True,
    # nothing in a page may change from one build to the next
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "show_signature": False,
}

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE / ".jupyter_cache")
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_ipywidgets_js = {}  # asked for from a CDN otherwise

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings name the types, and their shapes
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_preprocess_types = True
napoleon_type_aliases = {
    "callable": ":py:func:`callable`",
    "path-like": ":py:class:`os.PathLike`",
    "mapping": ":py:class:`collections.abc.Mapping`",
    "sequence": ":py:class:`collections.abc.Sequence`",
}
# plain-text inventories in the repository: no build asks the network for them
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "inventories/python.txt"),
    "matplotlib": ("https://matplotlib.org/stable", "inventories/matplotlib.txt"),
    "numpy": ("https://numpy.org/doc/stable", "inventories/numpy.txt"),
    "torch": ("https://docs.pytorch.org/docs/2.13", "inventories/torch.txt"),
}

"""Run in the kernel of each MyST-NB page before its first cell."""

import sys

from gallery_figures import apply_style
from IPython import get_ipython
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats
from notebook_figures import draw

set_matplotlib_formats("svg")
get_ipython().display_formatter.formatters["image/svg+xml"].for_type(Figure, draw)
apply_style()
# output in one piece a cell: pieces would come as the clock has it, and get line breaks between
sys.stdout.flush_interval = sys.stderr.flush_interval = 3600
del Figure, apply_style, draw, get_ipython, set_matplotlib_formats, sys

"""Run in the kernel of each MyST-NB page before its first cell."""

from gallery_figures import apply_style
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg")
apply_style()
del apply_style, set_matplotlib_formats

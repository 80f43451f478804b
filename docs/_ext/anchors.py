"""Know every heading by its ASCII label, so that both languages have the same anchors."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


class LabelsAsAnchors(SphinxTransform):
    """Drop the anchors made from titles, and put the author's label first."""

    default_priority = 300  # docutils hands the labels on to the headings at 260

    def apply(self, **kwargs: object) -> None:
        """Rewrite the ids of all sections; a section without a label is reported."""
        for section in self.document.findall(nodes.section):
            labels = [
                self.document.nameids[name]
                for name in section["names"]
                if self.document.nametypes.get(name) and self.document.nameids.get(name)
            ]
            labels.sort(key=lambda label: label.startswith("sphx-glr"))  # Sphinx-Gallery's own
            if labels and not labels[0].startswith("sphx-glr"):
                section["ids"] = labels
            else:
                logger.warning("this heading has no label before it", location=section)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_transform(LabelsAsAnchors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

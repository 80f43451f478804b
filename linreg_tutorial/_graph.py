"""The autograd graph of a tensor, its nodes in columns and rows; nothing here draws it."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from itertools import pairwise
from statistics import fmean

from torch import Tensor
from torch.autograd.graph import Node

Slot = Hashable  # a node, or what keeps a place free for an edge in a column that it crosses
Place = tuple[int, float]  # column, from 0 at the output to the left; row, around 0, downwards


def inputs_of_nodes(output: Node) -> dict[Node, list[Node]]:
    """Return the nodes, the output first, and for each the nodes whose results it takes."""
    inputs: dict[Node, list[Node]] = {}
    found = [output]
    while found:
        node = found.pop()
        if node not in inputs:
            inputs[node] = [source for source, _ in node.next_functions if source is not None]
            found += reversed(inputs[node])
    return inputs


def label(node: Node, names: Mapping[str, Tensor]) -> str:
    """Return the name of an operation, or the name and the value or shape of a leaf."""
    leaf = getattr(node, "variable", None)
    if leaf is None:
        return re.sub(r".*::|Backward\d*$", "", node.name())
    content = f"{leaf.item():.4g}" if leaf.numel() == 1 else str(tuple(leaf.shape))
    return "\n".join([*(name for name, tensor in names.items() if tensor is leaf), content])


def arrange(inputs: Mapping[Node, list[Node]]) -> tuple[list[list[Slot]], dict[Slot, Place]]:
    """Return the edges, and the place of each of their slots.

    An edge is a list: the node that takes a result, a slot in each column that the edge crosses,
    and the node that gives it. A column is as far left as the longest path to the output is long.
    """
    steps = _longest_paths(inputs)
    edges: list[list[Slot]] = []
    columns: list[dict[Slot, list[Slot]]] = [{} for _ in range(max(steps.values()) + 1)]
    for node, sources in inputs.items():
        for source in sources:
            between = [(len(edges), k) for k in range(steps[node] + 1, steps[source])]
            edges.append([node, *between, source])
            for k, (near, far) in enumerate(pairwise(edges[-1]), steps[node] + 1):
                columns[k].setdefault(far, []).append(near)
    places: dict[Slot, Place] = {next(iter(inputs)): (0, 0.0)}
    for k, column in enumerate(columns[1:], 1):
        # beside what it leads to, so that few edges cross
        mean_row = {slot: fmean(places[near][1] for near in column[slot]) for slot in column}
        for i, slot in enumerate(sorted(column, key=mean_row.__getitem__)):
            places[slot] = k, i - (len(column) - 1) / 2
    return edges, places


def _longest_paths(inputs: Mapping[Node, list[Node]]) -> dict[Node, int]:
    steps = dict.fromkeys(inputs, 0)
    waiting = Counter(source for sources in inputs.values() for source in sources)
    ready = [next(iter(inputs))]
    for node in ready:
        for source in inputs[node]:
            steps[source] = max(steps[source], steps[node] + 1)
            waiting[source] -= 1
            if waiting[source] == 0:
                ready.append(source)
    return steps

"""Pictures drawn from a run's own data, as accessible SVG that reads in light, dark and print.

`lanes(trace)` shows who did what when, `ladder(trace)` who said what to whom, `tree(node)` what stands on what,
`graph(nodes, edges, title)` what points at what, `bars(values, title)` how much of each, `octets(parts, title)` what
the bytes of a message are, `timeline(spans, title)` who was busy when, in measured time.
"""

from course.figures.bars import bars
from course.figures.canvas import Figure
from course.figures.graph import graph
from course.figures.ladder import ladder
from course.figures.lanes import lanes
from course.figures.octets import octets
from course.figures.timeline import Span, timeline
from course.figures.tree import Node, tree

__all__ = ["Figure", "Node", "Span", "bars", "graph", "ladder", "lanes", "octets", "timeline", "tree"]

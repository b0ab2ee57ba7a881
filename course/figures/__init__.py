"""Pictures drawn from a run's own data, as accessible SVG that reads in light, dark and print.

`lanes(trace)` shows who did what when; `tree(node)` shows what stands on what.
"""

from course.figures.canvas import Figure
from course.figures.lanes import lanes
from course.figures.tree import Node, tree

__all__ = ["Figure", "Node", "lanes", "tree"]

"""The course's pages on a hub or on Binder: `<address of the reader's server>/course/`, each cell on its kernel.

`postBuild` puts this file where Jupyter's server looks for settings of its environment.
"""

from course.services import scratch

c = get_config()  # noqa: F821 - given by Jupyter
c.ServerApp.jpserver_extensions = {"course.serve": True}
c.ServerApp.tornado_settings = {"course_resources": scratch.resources}  # PostgreSQL for the checks of exercises

"""The local site: pages, kernels and progress on one origin, on jupyter-server."""

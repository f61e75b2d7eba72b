"""Screens: traitlets models that know no browser, ipywidgets views that only link, and the memory of the answers."""

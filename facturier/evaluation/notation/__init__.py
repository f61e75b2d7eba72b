"""nbgrader, and nothing else of the package imports it: configuration, harvest, marks, feedback."""

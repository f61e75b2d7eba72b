"""Evaluation: answers kept as data, item bank, marks. nbgrader stays in one sub-package."""

"""The screens of the training portal, as records: one description, drawn in notebooks, Voilà and HTML pages."""

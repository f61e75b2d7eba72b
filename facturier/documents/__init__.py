"""Documents printed for people: PDF/A-3, accessible, the same bytes for the same facts."""

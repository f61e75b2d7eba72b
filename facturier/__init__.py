"""Le Facturier: an open training kit to invoice the French public sector through Chorus Pro.

The package is flat and imports downwards only (docs/architecture.md); importing it costs nothing.
"""

__version__ = "0.1.0"

from classe_essai import annuaire, base, base_postgresql, classe, horloge, ouvrir

__all__ = ["annuaire", "base", "base_postgresql", "classe", "horloge", "ouvrir"]

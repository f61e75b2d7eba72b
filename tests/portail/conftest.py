from joueurs import annuaire, horloge, portail

__all__ = ["annuaire", "horloge", "portail"]

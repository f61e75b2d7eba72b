"""One function a table, typed: its rows on a day, or the row of a code."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, cast

from facturier.referentiel.lecture import par_code, table
from facturier.referentiel.lignes import (
    ActeurCycle,
    Bascule,
    Cadre,
    CadreBt23,
    CategorieTva,
    Circuit,
    Delai,
    Depot,
    Erreur,
    Espace,
    Extension,
    Interface,
    LigneSourcee,
    Limite,
    Mention,
    ModePaiement,
    Motif,
    SchemaVendeur,
    Statut,
    StatutFlux,
    StatutPa,
    TauxBce,
    TauxTva,
    Transition,
    TypeFacture,
    Vatex,
)
from facturier.referentiel.lignes_api import EnumApi, OperationApi
from facturier.referentiel.lignes_calculs import JourFerie, Payeur, RegleCalcul, Source

CREATION = "(creation)"

L = TypeVar("L", bound=LigneSourcee)


def _table(nom: str, _genre: type[L], au: date | None) -> tuple[L, ...]:
    return cast("tuple[L, ...]", table(nom, au))


def cadres(au: date | None = None) -> tuple[Cadre, ...]:
    return _table("cadres", Cadre, au)


def cadre(code: str, au: date | None = None) -> Cadre:
    return cast(Cadre, par_code("cadres", au, code, "Le cadre de facturation"))


def circuits(au: date | None = None) -> tuple[Circuit, ...]:
    return _table("circuits", Circuit, au)


def statuts(au: date | None = None) -> tuple[Statut, ...]:
    return _table("statuts", Statut, au)


def statut(code: str, au: date | None = None) -> Statut:
    return cast(Statut, par_code("statuts", au, code, "Le statut"))


def transitions(au: date | None = None) -> tuple[Transition, ...]:
    return _table("transitions", Transition, au)


def bascules(au: date | None = None) -> tuple[Bascule, ...]:
    return _table("bascules", Bascule, au)


def bascule(code: str, au: date | None = None) -> Bascule:
    return cast(Bascule, par_code("bascules", au, code, "Le changement annoncé"))


def roles(au: date | None = None) -> tuple[ActeurCycle, ...]:
    return _table("roles", ActeurCycle, au)


def role(code: str, au: date | None = None) -> ActeurCycle:
    return cast(ActeurCycle, par_code("roles", au, code, "Le rôle"))


def espaces(au: date | None = None) -> tuple[Espace, ...]:
    return _table("espaces", Espace, au)


def espace(code: str, au: date | None = None) -> Espace:
    return cast(Espace, par_code("espaces", au, code, "L’espace"))


def motifs(au: date | None = None) -> tuple[Motif, ...]:
    return _table("motifs", Motif, au)


def delais(au: date | None = None) -> tuple[Delai, ...]:
    return _table("delais", Delai, au)


def delai(code: str, au: date | None = None) -> Delai:
    return cast(Delai, par_code("delais", au, code, "Le délai"))


def limites(au: date | None = None) -> tuple[Limite, ...]:
    return _table("limites", Limite, au)


def schemas_vendeur(au: date | None = None) -> tuple[SchemaVendeur, ...]:
    return _table("schemas_vendeur", SchemaVendeur, au)


def limite(code: str, au: date | None = None) -> Limite:
    return cast(Limite, par_code("limites", au, code, "La limite"))


def taux_bce(au: date | None = None) -> tuple[TauxBce, ...]:
    return _table("taux_bce", TauxBce, au)


def taux_tva(au: date | None = None) -> tuple[TauxTva, ...]:
    return _table("taux_tva", TauxTva, au)


def types_facture(au: date | None = None) -> tuple[TypeFacture, ...]:
    return _table("types_facture", TypeFacture, au)


def modes_paiement(au: date | None = None) -> tuple[ModePaiement, ...]:
    return _table("modes_paiement", ModePaiement, au)


def mentions(au: date | None = None) -> tuple[Mention, ...]:
    return _table("mentions", Mention, au)


def categories_tva(au: date | None = None) -> tuple[CategorieTva, ...]:
    return _table("categories_tva", CategorieTva, au)


def vatex(au: date | None = None) -> tuple[Vatex, ...]:
    return _table("vatex", Vatex, au)


def depots(au: date | None = None) -> tuple[Depot, ...]:
    return _table("depots", Depot, au)


def depot(code: str, au: date | None = None) -> Depot:
    return cast(Depot, par_code("depots", au, code, "La façon de déposer"))


def erreurs(au: date | None = None) -> tuple[Erreur, ...]:
    return _table("erreurs", Erreur, au)


def extensions(au: date | None = None) -> tuple[Extension, ...]:
    return _table("extensions", Extension, au)


def statuts_flux(au: date | None = None) -> tuple[StatutFlux, ...]:
    return _table("statuts_flux", StatutFlux, au)


def statuts_pa(au: date | None = None) -> tuple[StatutPa, ...]:
    return _table("statuts_pa", StatutPa, au)


def interfaces(au: date | None = None) -> tuple[Interface, ...]:
    return _table("interfaces", Interface, au)


def cadres_bt23(au: date | None = None) -> tuple[CadreBt23, ...]:
    return _table("cadres_bt23", CadreBt23, au)


def jours_feries(au: date | None = None) -> tuple[JourFerie, ...]:
    return _table("jours_feries", JourFerie, au)


def payeurs(au: date | None = None) -> tuple[Payeur, ...]:
    return _table("payeurs", Payeur, au)


def payeur(categorie: str, au: date | None = None) -> Payeur:
    return cast(Payeur, par_code("payeurs", au, categorie, "La catégorie d’entité publique", "categorie"))


def regles_calcul(au: date | None = None) -> tuple[RegleCalcul, ...]:
    return _table("regles_calcul", RegleCalcul, au)


def regle_calcul(code: str, au: date | None = None) -> RegleCalcul:
    return cast(RegleCalcul, par_code("regles_calcul", au, code, "La règle de calcul"))


def api(au: date | None = None) -> tuple[OperationApi, ...]:
    return _table("api", OperationApi, au)


def enums_api(au: date | None = None) -> tuple[EnumApi, ...]:
    return _table("enums_api", EnumApi, au)


def sources(au: date | None = None) -> tuple[Source, ...]:
    return _table("sources", Source, au)


def source(code: str, au: date | None = None) -> Source:
    return cast(Source, par_code("sources", au, code, "La source"))

"""The directory: who can be invoiced, and what each one demands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier.champs import def_assistance as defs
from facturier.ecrans.blocs import (
    Bloc,
    Champs,
    Cible,
    Definitions,
    Lien,
    Liens,
    Liste,
    Paragraphe,
    Section,
    Tableau,
)
from facturier.ecrans.ecran import Ecran
from facturier.portail.recherche import RESULTATS_MAX, Filtres, parametres

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste


RIEN = "Aucune structure. Essayez un seul mot du nom, ou les premiers chiffres du SIRET."


def _composer(poste: Poste, _: str) -> Sequence[Bloc]:
    valeurs = poste.valeurs
    filtres = Filtres(**{c: True for c in ("publique", "exige_engagement", "exige_service") if valeurs[c]})
    trouvees = poste.guichet.structures(valeurs["texte"], filtres)
    rangees = [
        (
            Lien(s.nom, Cible("annuaire_fiche", s.siret)),
            s.siret,
            s.categorie,
            " ".join(parametres(s)[:2]),
        )
        for s in trouvees
    ]
    trop = [Paragraphe(f"{RESULTATS_MAX} au plus : précisez.", note=True)] if len(trouvees) == RESULTATS_MAX else []
    return [
        Paragraphe("Consultez-le avant de facturer : il dit ce que votre client exige. Il se lit sans compte."),
        Champs(),
        Section(
            f"Structures trouvées : {len(trouvees)}",
            [Tableau("Résultats", ("Nom", "SIRET", "Catégorie", "À savoir"), rangees, RIEN), *trop],
            "resultats",
        ),
    ]


def _fiche(poste: Poste, objet: str) -> Sequence[Bloc]:
    structure = poste.guichet.annuaire.structure(objet)
    tous = structure.engagement_obligatoire  # what the structure demands is demanded by each of its services
    services = [
        (s.code, s.libelle, "oui" if tous or s.engagement_obligatoire else "non") for s in structure.services if s.actif
    ]
    return [
        Definitions(structure.nom, [("SIRET", structure.siret), ("Catégorie", structure.categorie)]),
        Section("Ce que cette structure exige", [Liste(parametres(structure))]),
        *(
            [Tableau("Services actifs", ("Code", "Nom", "Exige un engagement"), services)]
            if services
            else [Paragraphe("Aucun service déclaré.")]
        ),
        Liens(
            [Lien("Revenir à l’annuaire", Cible("annuaire")), Lien("Saisir une facture", Cible("saisie_destinataire"))]
        ),
    ]


ECRANS: tuple[Ecran, ...] = (
    Ecran(id="annuaire", titre="Annuaire", composer=_composer, rubrique="Factures", formulaire=defs.ANNUAIRE),
    Ecran(
        id="annuaire_fiche",
        titre="Fiche d’une structure",
        titre_objet=lambda poste, objet: poste.guichet.annuaire.structure(objet).nom,
        composer=_fiche,
    ),
)

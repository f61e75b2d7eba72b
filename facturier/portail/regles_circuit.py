"""Rules of a works dossier: the market's identity card says which piece is deposited, by whom, for whom, after what."""

from __future__ import annotations

from facturier.annuaire import Marche
from facturier.portail import circuits
from facturier.portail import demande as lecture
from facturier.portail.depot import Depot, RegleDepot
from facturier.referentiel.lignes import Circuit

_PARTIES = {
    "titulaire": "le titulaire",
    "sous_traitant": "un sous-traitant déclaré",
    "cotraitant": "un cotraitant",
    "moe": "la maîtrise d’œuvre",
    "moa": "la maîtrise d’ouvrage",
    "payeur": "le service financier",
}


def _travaux_ccag(depot: Depot) -> str | None:
    if not depot.cadre.travaux:
        return None
    numero, marche = depot.texte("numero_marche"), depot.marche
    if marche is None:
        return (
            f"Le cadre {depot.cadre.code} est une pièce de travaux : indiquez le numéro d’un marché connu "
            f"{f'(« {lecture.court(numero)} » ne l’est pas)' if numero else '(il est absent)'}."
        )
    if not marche.ccag_travaux:
        return (
            f"Le marché « {numero} » ne se réfère pas au CCAG-Travaux : il n’y a pas de facturation de travaux, "
            "déposez une facture simple."
        )
    return None


def _suivi(depot: Depot) -> Marche | None:
    """The market whose circuit rules that deposit: its works pieces, and what its members would deposit instead."""
    marche = depot.marche
    if marche is None or not marche.ccag_travaux:
        return None
    membres = (marche.titulaire, *marche.cotraitants, *marche.membres("sous_traitant"))
    return marche if depot.cadre.travaux or depot.acteur.structure in membres else None


def _cadre_de_la_fiche(depot: Depot) -> str | None:
    marche = _suivi(depot)
    if marche is None or any(depot.cadre.code in e.cadres for e in circuits.etapes(marche, depot.au)):
        return None
    return f"Le cadre {depot.cadre.code} n’est pas prévu par {circuits.nom_fiche(marche)}. {_prevu(depot, marche)}"


def _prevu(depot: Depot, marche: Marche) -> str:
    """What the card has that actor open instead, and how sure that is."""
    partie = next((p for p in _PARTIES if depot.acteur.structure in marche.membres(p)), "titulaire")
    ouvertures = circuits.ouvertures(marche, partie, depot.au)
    if not ouvertures:
        return f"Elle ne prévoit pas que {_PARTIES[partie]} ouvre un dossier : attendez la pièce qui vous est adressée."
    prevus = ", ".join(f"{' ou '.join(e.cadres)} ({e.phase}, pour {_nom(depot, marche, e)})" for e in ouvertures)
    doutes = {circuits.doute(e) for e in ouvertures} - {""}
    return " ".join([f"Elle prévoit : {prevus}.", *sorted(doutes)[:1]])


def _nom(depot: Depot, marche: Marche, etape: Circuit) -> str:
    siret = marche.partie(etape.adresse_a)
    structure = depot.annuaire.structures.get(siret)
    qui = _PARTIES[etape.adresse_a] if etape.adresse_a else "personne"
    return f"{qui}, {structure.nom}" if structure is not None else qui


def _deposant_de_la_fiche(depot: Depot) -> str | None:
    marche, etape = _suivi(depot), depot.etape
    if marche is None or etape is None or depot.acteur.structure in marche.membres(etape.depose_par):
        return None
    qui = _PARTIES[etape.depose_par]
    return (
        f"La pièce {depot.cadre.code} est déposée par {qui} que nomme {circuits.nom_fiche(marche)} : ce n’est pas vous."
    )


def _destinataire_de_la_fiche(depot: Depot) -> str | None:
    marche, etape = _suivi(depot), depot.etape
    if marche is None or etape is None or not depot.cadre.travaux:
        return None
    attendu, indique = marche.partie(etape.adresse_a), lecture.siret(depot.demande, "destinataire_siret")
    if indique != attendu:
        phrase = f"La pièce {depot.cadre.code} s’adresse à {_nom(depot, marche, etape)} ({attendu})"
        return " ".join(filter(None, (f"{phrase}, d’après {circuits.nom_fiche(marche)}.", circuits.doute(etape))))
    if etape.adresse_a == "moe" and marche.moe_service and depot.texte("code_service") != marche.moe_service:
        return (
            f"La maîtrise d’œuvre est un service de l’acheteur : indiquez le code service « {marche.moe_service} », "
            f"d’après {circuits.nom_fiche(marche)}."
        )
    return None


def _copie(depot: Depot) -> str | None:
    marche, etape = _suivi(depot), depot.etape
    if marche is None or etape is None or not etape.copie_a:
        return None
    attendu = marche.partie(etape.copie_a)
    if not attendu or lecture.siret(depot.demande, "copie_siret") == attendu:
        return None
    return (
        f"La pièce {depot.cadre.code} est remise le même jour à {_PARTIES[etape.copie_a]} : indiquez son SIRET "
        f"({attendu}) en copie, sans quoi les délais du CCAG-Travaux ne courent pas."
    )


def _suite_du_dossier(depot: Depot) -> str | None:
    code, marche = depot.cadre.code, depot.marche
    if depot.precedente is None:
        if depot.cadre.deposant == "fournisseur" and (marche is None or not depot.cadre.travaux):
            return None
        connues = [e for e in circuits.etapes(marche, depot.au) if code in e.cadres] if marche is not None else []
        if (marche is not None and not connues) or any(not e.apres for e in connues) or depot.d_office:
            return None
        return (
            f"La pièce {code} répond à la pièce précédente du dossier : ouvrez celle-ci et choisissez "
            "« Déposer la pièce de facturation suivante »."
        )
    if depot.precedente.suivante:
        return f"La pièce {depot.precedente.id} a déjà une suite, la pièce {depot.precedente.suivante}."
    suites = circuits.suites(marche, depot.precedente.cadre, depot.au) if marche is not None else ()
    if depot.remplace or code in suites:
        return None
    attendues = ", ".join(suites) or "aucune"
    return f"Une pièce {code} ne peut pas suivre une pièce {depot.precedente.cadre} (suites possibles : {attendues})."


def _meme_marche(depot: Depot) -> str | None:
    if depot.precedente is None or depot.texte("numero_marche") == depot.precedente.marche:
        return None
    return f"La pièce suivante d’un dossier porte sur le même marché : « {depot.precedente.marche} »."


def _sommes_admises(depot: Depot) -> str | None:
    if depot.precedente is None or depot.texte("commentaire"):
        return None
    avant = [lecture.montant(depot.precedente.valeurs, champ) for champ in lecture.MONTANTS]
    admis = [lecture.montant(depot.demande, champ) for champ in lecture.MONTANTS]
    if None in admis or avant == admis:
        return None
    return "Les sommes admises diffèrent de la pièce précédente : dites pourquoi dans le commentaire."


REGLES_FICHE = (
    RegleDepot("cadre-de-la-fiche", _cadre_de_la_fiche, selon_cadre=True),
    RegleDepot("deposant-de-la-fiche", _deposant_de_la_fiche, selon_cadre=True),
    RegleDepot("destinataire-de-la-fiche", _destinataire_de_la_fiche, selon_cadre=True),
)
"""What the card settles; a recycling asks the last one again."""

REGLES_CIRCUIT = (
    RegleDepot("travaux-ccag", _travaux_ccag, selon_cadre=True),
    *REGLES_FICHE,
    RegleDepot("copie", _copie, selon_cadre=True),
    RegleDepot("suite-du-dossier", _suite_du_dossier, selon_cadre=True),
    RegleDepot("meme-marche", _meme_marche),
    RegleDepot("sommes-admises", _sommes_admises),
)

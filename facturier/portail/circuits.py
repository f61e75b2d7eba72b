"""What a market's identity card makes of the circuits table: who deposits which piece, for whom, after what."""

from __future__ import annotations

from datetime import date

from facturier import referentiel
from facturier.annuaire import Annuaire
from facturier.annuaire.fiches import Marche
from facturier.portail import demande as lecture
from facturier.portail.demande import Demande
from facturier.referentiel.lignes import Circuit, LigneSourcee

TACITE = "procédure tacite"
"""Phase of the steps that a silent MOA opens, in every circuit that passes through one."""


def etapes(marche: Marche, au: date | None = None) -> tuple[Circuit, ...]:
    """The steps of that market's circuit, the tacit procedure included where the MOA acts in the tool."""
    toutes = referentiel.circuits(au)
    propres = tuple(e for e in toutes if e.cas == marche.circuit and _retenue(marche, e))
    if not agit(propres, "moa"):
        return propres
    tacites = (e for e in toutes if e.phase == TACITE and e.cas != marche.circuit)
    return (*propres, *(e for e in tacites if e.depose_par != "moe" or agit(propres, "moe")))


def agit(suite: tuple[Circuit, ...], partie: str) -> bool:
    """Whether that party deposits or receives something in these steps."""
    return any(partie in (e.depose_par, e.adresse_a) for e in suite)


def _retenue(marche: Marche, etape: Circuit) -> bool:
    """Where the table gives several readings, the card settles which piece the titulaire opens."""
    if etape.depose_par != "titulaire" or etape.apres:
        return True
    fixe = {"mensuel": marche.cadre_mensuel, "fin": marche.cadre_final}.get(etape.phase, "")
    return not fixe or fixe in etape.cadres


def etape(marche: Marche, cadre: str, precedente: str = "", au: date | None = None) -> Circuit | None:
    """The step that deposits this cadre in answer to that one ("" opens a dossier); None when the card has none."""
    return next(
        (e for e in etapes(marche, au) if cadre in e.cadres and (precedente in e.apres if precedente else not e.apres)),
        None,
    )


def suites(marche: Marche, cadre: str, au: date | None = None) -> tuple[str, ...]:
    """The cadres that may answer that one in this market."""
    return tuple(dict.fromkeys(c for e in etapes(marche, au) if cadre in e.apres for c in e.cadres))


def ouvertures(marche: Marche, partie: str, au: date | None = None) -> tuple[Circuit, ...]:
    """The steps by which that party opens a dossier, the tacit procedure aside."""
    return tuple(e for e in etapes(marche, au) if e.depose_par == partie and not e.apres and e.phase != TACITE)


def nom_fiche(marche: Marche) -> str:
    """How a sentence names the card."""
    libelle = next((e.cas_libelle for e in referentiel.circuits() if e.cas == marche.circuit), "")
    circuit = f" (circuit {marche.circuit} : {libelle})" if libelle else ""
    return f"la fiche d’identité du marché « {marche.numero} »{circuit}"


def doute(ligne: LigneSourcee) -> str:
    """What is to be said of a fact that is not established; "" for one that is."""
    if ligne.fiabilite == "établi":
        return ""
    return f"Ce circuit n’est pas établi avec certitude (« {ligne.fiabilite} ») : à confirmer avec votre acheteur."


def reserve(demande: Demande, annuaire: Annuaire, precedente: str = "", au: date | None = None) -> str:
    """The caution that goes with a deposit's confirmation: "" when its circuit is established.

    ``demande``: the texts of the piece; ``precedente``: the cadre of the piece that it answers, if any.
    """
    code = lecture.texte(demande, "cadre")
    cadre = next((c for c in referentiel.cadres(au) if c.code == code), None)
    if cadre is None:
        return ""
    marche = annuaire.marche(lecture.texte(demande, "numero_marche"))
    if not cadre.travaux or marche is None:
        return doute(cadre)
    trouvee = etape(marche, code, precedente, au)
    return doute(trouvee if trouvee is not None else cadre)


def va_a_la_moa(demande: Demande, annuaire: Annuaire) -> bool:
    """Whether the card sends that opening piece to the MOA, no MOE acting in the tool."""
    marche = annuaire.marche(lecture.texte(demande, "numero_marche"))
    if marche is None:
        return False
    trouvee = etape(marche, lecture.texte(demande, "cadre"))
    return trouvee is not None and trouvee.adresse_a == "moa"

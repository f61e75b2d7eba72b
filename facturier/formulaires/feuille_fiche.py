"""The sheet of the learner's own method: fields, filled from what was done on the portal, two files to take away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from facturier.annuaire import Annuaire
from facturier.champs import FICHE_METHODE, Champ, Valeurs
from facturier.champs.def_fiche import A_FAIRE, CHOIX, CLIENT
from facturier.ecrans.blocs import Bloc, Bouton, Boutons, Champs, Fichier, Message, Paragraphe, Section, Telechargement
from facturier.ecrans.feuille import GesteDeFeuille
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.reponses import Reponse
from facturier.formulaires.feuille_formulaire import FeuilleFormulaire
from facturier.formulaires.memoire import Memoire
from facturier.formulaires.modele import ModeleFormulaire
from facturier.formulaires.vue_feuille import VueFeuille
from facturier.portail import Acteur, Etat
from facturier.portail.pieces import DEPOSEE
from facturier.situations import raconter, rejouer

if TYPE_CHECKING:
    from facturier.liaison.client import Liaison

RIEN = (
    "Rien à reprendre : aucune demande n’est encore partie, ni dans l’exercice de ce carnet, ni sur le portail de "
    "la classe."
)
REPRIS = "C’est repris du portail, dans les champs encore vides : {quoi}. Corrigez ce qui n’est pas votre vrai client."
DEJA = "Ces champs sont déjà remplis : videz celui que vous voulez reprendre du portail."
EMPORTER = "Le PDF s’imprime sur une feuille, recto verso ; le DOCX se complète dans Word ou LibreOffice."
PERSONNE = "Personne"
FOURNISSEUR = "fournisseur"


def preparer(
    enonce: Mapping[str, Any], memoire: Memoire, liaison: Liaison | None = None
) -> tuple[ModeleFormulaire, VueFeuille]:
    """The form, pre-filled from what was played (the exercise of that statement, else the portal of the class) if
    nothing is written yet."""
    modele = ModeleFormulaire(FICHE_METHODE, memoire)

    def source() -> Valeurs:
        lues = du_portail(enonce, memoire.reponses.get(str(enonce["id"])))
        return lues or (de_la_classe(liaison) if liaison is not None else {})

    feuille = FeuilleFiche(modele, source)
    if not any(modele.valeurs.values()):
        with suppress(ErreurFacturier):  # the class does not answer: the sheet is there, the button will say it
            feuille.reprendre()
    return modele, VueFeuille(feuille, memoire)


def du_portail(enonce: Mapping[str, Any], reponse: Reponse | None) -> Valeurs:
    """What the last demand sent in that exercise says, field by field; nothing when none was, or it cannot be read."""
    if reponse is None or not reponse.journal:
        return {}
    annuaire = Annuaire.charger()
    try:
        recit = raconter(str(enonce.get("situation")), reponse.graine, annuaire)
        etat = rejouer(recit, list(reponse.journal), annuaire).etat
    except ErreurFacturier:
        return {}
    return _client(etat, annuaire, {recit.joues[0].structure})


def de_la_classe(liaison: Liaison) -> Valeurs:
    """The same of the last demand sent on the portal of the class: in one's group, else in one's own space.

    Raises:
        ErreurFacturier: the class does not answer.
    """
    moi = liaison.moi()
    for espace in filter(None, (moi.groupe, moi.solo)):
        roles = liaison.espace(espace).roles
        # a space of one's own has one depositor, whatever the structure; in a group, those whom one deposits for
        siens = [r for r in roles if r.role == FOURNISSEUR and (espace == moi.solo or r.tenant == moi.pseudonyme)]
        if siens:
            guichet = liaison.guichet(Acteur(FOURNISSEUR, siens[0].structure), espace)
            deposants = {piece.deposant for piece in guichet.etat.pieces.values()}
            if espace != moi.solo:
                deposants &= {role.structure for role in siens}
            if lues := _client(guichet.etat, guichet.annuaire, deposants):
                return lues
    return {}


def _client(etat: Etat, annuaire: Annuaire, deposants: Collection[str]) -> Valeurs:
    siennes = [p for p in etat.pieces.values() if p.deposant in deposants and p.date_du(DEPOSEE)]
    if not siennes:
        return {}
    piece = siennes[-1]
    marche = annuaire.marche(piece.marche)
    payeur = marche.partie("payeur") if marche is not None else piece.destinataire
    travaux = marche is not None and marche.ccag_travaux
    valideur = marche.moe if marche is not None and travaux else piece.valideur

    def nom(siret: str) -> str:
        return annuaire.structures[siret].nom if siret in annuaire.structures else siret

    return {
        "client": nom(payeur),
        "siret": piece.destinataire,
        "marche": piece.marche,
        "service": piece.valeurs.get("code_service", "").strip(),
        "engagement": piece.valeurs.get("numero_engagement", "").strip(),
        "cadre": piece.cadre,
        "valideur": (f"Maîtrise d’œuvre : {nom(valideur)}" if travaux else nom(valideur)) if valideur else PERSONNE,
    }


class FeuilleFiche(FeuilleFormulaire):
    """The form of the method sheet. ``source``: what the portal's exercise says, field by field."""

    def __init__(
        self, modele: ModeleFormulaire, source: Callable[[], Valeurs], aujourd_hui: Callable[[], date] = date.today
    ) -> None:
        super().__init__(modele)
        self._source = source
        self._aujourd_hui = aujourd_hui

    def composer(self) -> Sequence[Bloc]:
        """Three groups of fields, what takes the portal's up, the two files."""
        return [
            Paragraphe(self.modele.definition.intro),
            Boutons((Bouton("reprendre", "Reprendre ce que j’ai fait sur le portail", "second"),)),
            Champs(_ids(CLIENT), "Mon client"),
            Champs(_ids(CHOIX), "Ma méthode"),
            Champs(_ids(A_FAIRE), "Demain"),
            Section(
                "Emporter ma fiche",
                [
                    Paragraphe(EMPORTER),
                    Telechargement("pdf", "Ma fiche en PDF"),
                    Telechargement("docx", "Ma fiche en DOCX"),
                ],
            ),
        ]

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """Take up, print, write on."""
        return {"reprendre": self._reprendre, "pdf": self._pdf, "docx": self._docx}

    def reprendre(self) -> tuple[str, ...]:
        """Fill the empty fields from the portal; the labels of those that were."""
        lus = self._source()
        neufs = [champ for champ in CLIENT if lus.get(champ.id) and not self.modele.valeurs[champ.id].strip()]
        for champ in neufs:
            self.modele.changer(champ.id, lus[champ.id])
        return tuple(champ.libelle for champ in neufs)

    def _reprendre(self, _: Mapping[str, str]) -> Fichier | None:
        if not self._source():
            self.statut = Message("info", RIEN)
            return None
        faits = self.reprendre()
        self.statut = Message("succes", REPRIS.format(quoi=", ".join(faits))) if faits else Message("info", DEJA)
        self.enregistre = self.modele.statut
        return None

    def _pdf(self, _: Mapping[str, str]) -> Fichier | None:
        from facturier.documents import fiche_methode

        return Fichier(
            f"{fiche_methode.NOM}.pdf", "application/pdf", fiche_methode.pdf(self.modele.valeurs, self._aujourd_hui())
        )

    def _docx(self, _: Mapping[str, str]) -> Fichier | None:
        from facturier.documents import fiche_docx
        from facturier.documents.fiche_methode import NOM

        return Fichier(f"{NOM}.docx", fiche_docx.TYPE, fiche_docx.docx(self.modele.valeurs, self._aujourd_hui()))


def _ids(champs: Sequence[Champ]) -> tuple[str, ...]:
    return tuple(champ.id for champ in champs)

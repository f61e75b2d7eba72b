"""What is asked before an account is created, activated, connected, changed or closed."""

from __future__ import annotations

import re

from facturier import referentiel
from facturier.portail import jetons
from facturier.portail.actes import Contexte, Manquement
from facturier.portail.etat import Etat
from facturier.portail.evenements import ANIMATEUR
from facturier.portail.personnes import Compte, Envoi
from facturier.portail.refus import RefusPortail

CONFORME = "conforme"
COMPTES_MAX = 9999
TEXTE_MAX = 100
COURRIEL_MAX = 254

_COURRIEL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\".]+(?:\.[^\s@,;<>\".]+)+")
_TELEPHONE = re.compile(r"\+?[0-9]{6,15}")
_SEPARATEURS = str.maketrans("", "", " .-\u00a0\u202f()")


def mot_de_passe_conforme(mot_de_passe: str, confirmation: str) -> str:
    """The verdict to send in the field ``mot_de_passe``; what was typed goes no further.

    Raises:
        RefusPortail: too short, or not typed twice the same.
    """
    minimum = referentiel.limite("mot_de_passe_min").valeur
    refus: list[Manquement] = []
    if len(mot_de_passe) < minimum:
        phrase = (
            f"Choisissez un mot de passe d’au moins {minimum} caractères (règle de ce portail de formation : celles "
            "de Chorus Pro s’affichent à l’écran du vrai portail)."
        )
        refus.append(("mot-de-passe-court", phrase))
    if mot_de_passe != confirmation:
        refus.append(("mot-de-passe-confirme", "Les deux saisies du mot de passe diffèrent : recommencez la seconde."))
    if refus:
        raise RefusPortail([phrase for _, phrase in refus], [regle for regle, _ in refus])
    return CONFORME


def courriel_complet(saisi: str) -> bool:
    """Whether that has the form of an e-mail address."""
    return len(saisi) <= COURRIEL_MAX and _COURRIEL.fullmatch(saisi) is not None


def compte_de(etat: Etat, courriel: str) -> Compte | None:
    """The open account whose connection address is that one."""
    cherche = courriel.strip().casefold()
    return next((c for c in etat.comptes.values() if c.courriel.casefold() == cherche and not c.ferme), None)


def detient(compte: Compte, par: str, *, classe: bool = False) -> bool:
    """Whether who acts under that name is the person of that account: the only one to read its mailbox.

    ``classe``: in a class everybody acts under a name, so an account that nobody created was there when the story of
    that space began; the participant whose space it is holds it.
    """
    return par in (compte.id, compte.createur) or (classe and not compte.createur and par[:1].islower())


def _vise(contexte: Contexte) -> Compte | None:
    return contexte.etat.comptes.get(contexte.objet)


def _du_titulaire(contexte: Contexte) -> list[Manquement]:
    """Before being connected: whoever created the account."""
    compte = _vise(contexte)
    if compte is None:
        return [("objet", "Ce geste vise un compte : donnez son numéro, comme C0001.")]
    if compte.ferme:
        return [("compte-ferme", f"Le compte {compte.id} a été désactivé par son titulaire.")]
    if contexte.acteur.par != ANIMATEUR and not detient(compte, contexte.acteur.par, classe=contexte.ouverture.classe):
        return [
            ("titulaire", f"Le compte {compte.id} n’est pas le vôtre : un compte est personnel, il ne se prête pas.")
        ]
    return []


def connecte(contexte: Contexte) -> list[Manquement]:
    """Once connected: the account itself (the portal has checked that it is active and connected)."""
    if contexte.objet in contexte.etat.comptes and contexte.acteur.par in (contexte.objet, ANIMATEUR):
        return []
    return [("titulaire", "Chacun modifie son propre compte, une fois connecté : un compte est personnel.")]


def _courriel(contexte: Contexte, champ: str, *, libre: bool = False) -> list[Manquement]:
    saisi = contexte.texte(champ)
    if not courriel_complet(saisi):
        phrase = "Indiquez une adresse de courriel complète, d’une boîte que vous lisez (nom@exemple.fr)."
        return [(f"{champ}-forme", phrase)]
    if not libre and compte_de(contexte.etat, saisi) is not None:
        phrase = (
            "Un compte a déjà cette adresse de connexion : connectez-vous avec lui, un seul compte suffit pour "
            "plusieurs structures."
        )
        return [("courriel-pris", phrase)]
    return []


def _identite(contexte: Contexte, *, champs: tuple[str, ...]) -> list[Manquement]:
    refus: list[Manquement] = []
    for champ, dit in (("nom", "votre nom"), ("prenom", "votre prénom")):
        if champ in champs and not 1 <= len(contexte.texte(champ)) <= TEXTE_MAX:
            refus.append((champ, f"Indiquez {dit} ({TEXTE_MAX} caractères au plus)."))
    telephone = contexte.texte("telephone").translate(_SEPARATEURS)
    if "telephone" in champs and telephone and not _TELEPHONE.fullmatch(telephone):
        refus.append(("telephone", "Écrivez le téléphone en chiffres, ou laissez-le vide : il est facultatif."))
    if "contact" in champs and contexte.texte("contact"):
        refus += _courriel(contexte, "contact", libre=True)
    return refus


def creer(contexte: Contexte) -> list[Manquement]:
    if contexte.acteur.par in contexte.etat.comptes:
        phrase = "Vous avez déjà un compte : rattachez-le à vos autres structures, n’en créez pas un second."
        return [("compte-unique", phrase)]
    refus = _courriel(contexte, "courriel") + _identite(contexte, champs=("nom", "prenom", "telephone", "contact"))
    if contexte.texte("conditions") != "oui":
        refus.append(("conditions", "Acceptez les conditions d’utilisation pour créer votre compte."))
    if len(contexte.etat.comptes) >= COMPTES_MAX:
        refus.append(("trop-de-comptes", "Ce portail de formation ne prend plus de nouveau compte."))
    return refus


def redemander(contexte: Contexte) -> list[Manquement]:
    refus, compte = _du_titulaire(contexte), _vise(contexte)
    if not refus and compte is not None and compte.actif:
        refus = [("deja-actif", f"Le compte {compte.id} est déjà activé : connectez-vous.")]
    return refus


def _secret(contexte: Contexte, usage: jetons.Usage, envoi: Envoi | None, champ: str) -> list[Manquement]:
    """Whether the secret given is the last one sent, and still lives; else the sentence says what to ask for."""
    quoi, suite = {
        "lien": ("lien d’activation", "redemandez-en un, puis ouvrez le dernier courriel reçu"),
        "code": ("code de connexion", "demandez-en un nouveau, puis recopiez celui du dernier courriel reçu"),
        "confirmation": ("lien de confirmation", "recommencez le changement d’adresse"),
    }[usage]
    if envoi is None:
        return [(f"{usage}-absent", f"Aucun {quoi} n’attend d’être utilisé : {suite}.")]
    if contexte.quand > jetons.expire(usage, envoi):
        duree = jetons.minutes(usage, envoi.quand)
        return [(f"{usage}-expire", f"Ce {quoi} a expiré (il vaut {duree} minutes) : {suite}.")]
    if not jetons.juste(contexte.ouverture.graine, usage, contexte.objet, envoi, contexte.texte(champ)):
        return [(f"{usage}-faux", f"Ce n’est pas le dernier {quoi} envoyé : {suite}.")]
    return []


def _mot_de_passe(contexte: Contexte) -> list[Manquement]:
    if contexte.texte("mot_de_passe") == CONFORME:
        return []
    phrase = "Un mot de passe ne s’envoie pas dans un geste : contrôlez-le à l’écran, puis envoyez « conforme »."
    return [("mot-de-passe", phrase)]


def activer(contexte: Contexte) -> list[Manquement]:
    refus, compte = redemander(contexte), _vise(contexte)
    if refus or compte is None:
        return refus
    return _secret(contexte, "lien", compte.lien, "jeton") + _mot_de_passe(contexte)


def _actif(contexte: Contexte) -> list[Manquement]:
    refus, compte = _du_titulaire(contexte), _vise(contexte)
    if not refus and compte is not None and not compte.actif:
        return [("inactif", f"Le compte {compte.id} n’est pas activé : suivez d’abord le lien reçu dans sa boîte.")]
    return refus


def demander_code(contexte: Contexte) -> list[Manquement]:
    refus, compte = _actif(contexte), _vise(contexte)
    if not refus and compte is not None and not compte.deconnecte:
        return [("deja-connecte", f"Le compte {compte.id} est déjà connecté.")]
    return refus


def se_connecter(contexte: Contexte) -> list[Manquement]:
    refus, compte = demander_code(contexte), _vise(contexte)
    if refus or compte is None:
        return refus
    return _secret(contexte, "code", compte.code, "code")


def modifier(contexte: Contexte) -> list[Manquement]:
    donnes = tuple(contexte.donnees)
    if not donnes:
        return [*connecte(contexte), ("rien", "Indiquez ce que vous changez dans votre profil.")]
    return connecte(contexte) + _identite(contexte, champs=donnes)


def changer_courriel(contexte: Contexte) -> list[Manquement]:
    return connecte(contexte) or _courriel(contexte, "courriel")


def confirmer(contexte: Contexte) -> list[Manquement]:
    refus, compte = connecte(contexte), _vise(contexte)
    if refus or compte is None:
        return refus
    refus = _secret(contexte, "confirmation", compte.confirmation, "jeton")
    if not refus and compte_de(contexte.etat, compte.nouveau_courriel) is not None:
        refus = [("courriel-pris", "Un compte a pris cette adresse entre-temps : choisissez-en une autre.")]
    return refus


def changer_mot_de_passe(contexte: Contexte) -> list[Manquement]:
    return connecte(contexte) + _mot_de_passe(contexte)


def desactiver(contexte: Contexte) -> list[Manquement]:
    refus, compte = connecte(contexte), _vise(contexte)
    if not refus and compte is not None:
        gerees = sorted(siret for siret in compte.rattachements if compte.gere(siret))
        if gerees:
            phrase = (
                f"Vous êtes gestionnaire principal de la structure {gerees[0]} : désignez un remplaçant avant de "
                "partir."
            )
            return [("sans-relais", phrase)]
    return refus

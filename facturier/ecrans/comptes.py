"""Accounts: creation, activation by the link of the mailbox, connection with a code, profile, address, password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facturier import referentiel
from facturier.champs import Valeurs
from facturier.champs import def_comptes as defs
from facturier.ecrans.blocs import (
    Bloc,
    Bouton,
    Boutons,
    Champs,
    Cible,
    Etapes,
    Lien,
    Liens,
    Message,
    Paragraphe,
    a_remplir,
)
from facturier.ecrans.ecran import Ecran, Suite
from facturier.erreurs import ErreurFacturier
from facturier.portail.comptes import compte_de, mot_de_passe_conforme
from facturier.portail.evenements import Acteur
from facturier.portail.personnes import Compte
from facturier.referentiel import faits

if TYPE_CHECKING:
    from facturier.ecrans.poste import Poste

PERSONNE = Acteur("fournisseur", "")
"""Who acts before being connected: the person, without an account yet."""
CHEMIN = ("Le compte", "La boîte aux lettres", "Le mot de passe", "La connexion", "La structure")


def compte(poste: Poste) -> Compte | None:
    """The account through which the person acts, None when there is none."""
    return poste.guichet.etat.comptes.get(poste.compte)


def connecte(poste: Poste) -> bool:
    """Whether it is open now."""
    tenu = compte(poste)
    return tenu is not None and tenu.actif and not tenu.deconnecte


def avec_comptes(poste: Poste) -> bool:
    """Whether this portal is played with accounts: one exists, or nobody has a seat."""
    return bool(poste.guichet.etat.comptes) or poste.siege is None


def demande_un_compte(poste: Poste) -> Sequence[Bloc]:
    """What an account's screen says to whoever has none open: how to connect, or that none is played here."""
    if avec_comptes(poste) or poste.siege is None:
        return [Message("info", "Vous n’êtes pas connecté.", [Lien("Se connecter", Cible("connexion"))])]
    return [
        Paragraphe(
            f"Cette page sert à qui entre par un compte. Ici, vous agissez sans compte : {poste.siege.libelle}. "
            "Choisissez une autre page dans le menu."
        )
    ]


def soi(poste: Poste, structure: str = "") -> Acteur:
    """The connected person, in the name of a structure or of nobody but themselves.

    Raises:
        ErreurFacturier: nobody is connected.
    """
    if not connecte(poste):
        raise ErreurFacturier("Connectez-vous d’abord : ce geste demande un compte ouvert.")
    return Acteur("fournisseur", structure, poste.compte)


# --- creating -------------------------------------------------------------------------------------------------


def _creer(poste: Poste, _: str) -> Sequence[Bloc]:
    return [
        Etapes(CHEMIN, 0),
        Paragraphe("Un compte par personne : il ne se prête pas, et il suffit pour plusieurs structures."),
        *a_remplir(
            "Tout est rempli : vous pouvez créer le compte.",
            Bouton("creer", "Créer mon compte"),
            liens=[Lien("J’ai déjà un compte", Cible("connexion"))],
        ),
    ]


def _cree(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    donnees = {champ.id: valeurs[champ.id] for champ in defs.COMPTE.champs if valeurs[champ.id].strip()}
    numero = poste.guichet.faire(PERSONNE, "creer_compte", version=None, **donnees)
    poste.compte = numero
    minutes = faits.delai("activation-compte")
    return Suite(f"Le compte {numero} est créé. Un lien d’activation vous attend : il vaut {minutes}.", Cible("boite"))


# --- activating -----------------------------------------------------------------------------------------------


def _activer(poste: Poste, objet: str) -> Sequence[Bloc]:
    numero = objet.partition(":")[0]
    minimum = referentiel.limite("mot_de_passe_min").valeur
    return [
        Etapes(CHEMIN, 2),
        Paragraphe(
            f"{f'Compte {numero}' if numero else 'Votre compte'} : choisissez un mot de passe d’au moins {minimum} "
            "caractères (règle de ce portail)."
        ),
        *a_remplir(
            "Les deux saisies sont faites : vous pouvez valider.",
            Bouton("activer", "Soumettre"),
            Bouton("redemander", "Redemander un lien", "second"),
        ),
        Paragraphe(
            f"Le lien d’activation vaut {faits.delai('activation-compte')}. "
            "Passé ce temps, on en redemande un ; pensez aux courriers indésirables.",
            note=True,
        ),
    ]


def _active(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    numero, _, jeton = objet.partition(":")
    verdict = mot_de_passe_conforme(valeurs["mot_de_passe"], valeurs["confirmation"])
    poste.guichet.faire(PERSONNE, "activer_compte", numero, version=None, jeton=jeton, mot_de_passe=verdict)
    poste.compte = numero
    return Suite(
        "Votre compte est actif. Pour vous connecter, demandez un code : il arrive dans la boîte aux lettres.",
        Cible("connexion"),
    )


def _redemande(poste: Poste, objet: str, _: Valeurs) -> Suite:
    poste.guichet.faire(PERSONNE, "redemander_lien", objet.partition(":")[0])
    return Suite("Un nouveau lien est dans la boîte aux lettres ; l’ancien ne sert plus.", Cible("boite"))


# --- connecting -----------------------------------------------------------------------------------------------


def _connexion(poste: Poste, _: str) -> Sequence[Bloc]:
    return [
        Etapes(CHEMIN, 3),
        Paragraphe(
            "La double authentification est obligatoire : au mot de passe s’ajoute un code. Ici, le code arrive dans "
            "la boîte aux lettres du portail d’entraînement."
        ),
        Champs(),
        Boutons([Bouton("code", "Recevoir un code", "second"), Bouton("entrer", "Se connecter")]),
        Liens([Lien("Ouvrir la boîte aux lettres", Cible("boite")), Lien("Créer un compte", Cible("compte_creer"))]),
        Paragraphe(
            "Sur le vrai portail, une application d’authentification est plus sûre : un courriel peut arriver trop "
            "tard. Vérifiez l’adresse chorus-pro.gouv.fr avant de taper un mot de passe.",
            note=True,
        ),
    ]


def _adresse_connue(poste: Poste, _: str) -> Valeurs:
    tenu = compte(poste)
    return {"courriel": tenu.courriel} if tenu is not None else {}


def _vise(poste: Poste, valeurs: Valeurs) -> str:
    trouve = compte_de(poste.guichet.etat, valeurs["courriel"])
    if trouve is None:
        raise ErreurFacturier("aucun compte n’a cette adresse de connexion : relisez-la, ou créez un compte.")
    return trouve.id


def _code(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    poste.guichet.faire(PERSONNE, "demander_code", _vise(poste, valeurs))
    return Suite("Un code vous est envoyé : ouvrez la boîte aux lettres, puis recopiez-le ici.", garder=True)


def _entre(poste: Poste, _: str, valeurs: Valeurs) -> Suite:
    numero = _vise(poste, valeurs)
    poste.guichet.faire(PERSONNE, "se_connecter", numero, version=None, code=valeurs["code"].strip())
    poste.compte = numero
    tenu = compte(poste)
    sans_structure = tenu is not None and not tenu.rattachements
    return Suite("Vous êtes connecté.", Cible("structure_creer" if sans_structure else "tableau_de_bord"))


RUBRIQUE = "Compte et structure"

ECRANS: tuple[Ecran, ...] = (
    Ecran(
        id="compte_creer",
        titre="Créer un compte",
        composer=_creer,
        gestes={"creer": _cree},
        rubrique=RUBRIQUE,
        formulaire=defs.COMPTE,
        verifies=frozenset({"creer"}),
        visible=lambda poste: avec_comptes(poste) and not connecte(poste),
    ),
    Ecran(
        id="compte_activer",
        titre="Activer mon compte",
        composer=_activer,
        gestes={"activer": _active, "redemander": _redemande},
        formulaire=defs.MOT_DE_PASSE,
        verifies=frozenset({"activer"}),
    ),
    Ecran(
        id="connexion",
        titre="Se connecter",
        composer=_connexion,
        gestes={"code": _code, "entrer": _entre},
        rubrique=RUBRIQUE,
        formulaire=defs.CONNEXION,
        initiales=_adresse_connue,
        verifies=frozenset({"entrer"}),
        visible=lambda poste: avec_comptes(poste) and not connecte(poste),
    ),
)

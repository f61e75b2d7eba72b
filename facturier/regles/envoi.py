"""What no file says alone: the recipient's parameters in a directory, and a number already taken.

The view of these rules is short (``TERMES``): who sends, to whom, under which number. A directory is given, never
fetched: the kit's is fictitious, and a real invoice is judged by it only when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from facturier import referentiel
from facturier.annuaire import Annuaire, Structure
from facturier.regles.modele import Regle, Valeur, Vue, court
from facturier.regles.predicats import SIREN, SIRET, SIRET_HISTORIQUE

TERMES = ("BT-1", "BT-2", "BT-10", "BT-13", "BT-23", "BT-29", "BT-30", "BT-46", "BT-47")
"""What the rules of this module read of an invoice."""

DEJA_PRIS = "numero-deja-pris"
"""Term of the view that is no term of the norm: the number, when an earlier file of the same lot has taken it."""

_SERVICE = "0224"
"""Identifier scheme of a service's code beside the buyer's SIRET."""
_QUATORZE_CHIFFRES = re.compile(r"[0-9]{14}")
_ANNEE = re.compile(r"[0-9]{4}")
_DSE = "DSE FE Chorus Pro v1.0 §3.2.1.4"
_PARAMETRES = "API Chorus Pro ConsulterStructure et ConsulterService ; communauté Chorus Pro"


def cle_unicite(siren: str, numero: str, annee: int) -> tuple[str, str, int] | None:
    """What makes an invoice unique for Chorus Pro: SIREN, number whatever its case, year; None if one is missing."""
    numero = numero.strip()
    return (siren, numero.casefold(), annee) if siren and numero and annee else None


def cle_de(vue: Vue) -> tuple[str, str, int] | None:
    """The uniqueness key of a file; None for a seller without SIREN or SIRET, or without number or date."""
    numero, jour = vue.premiere("BT-1"), vue.premiere("BT-2")
    annee = _ANNEE.match(jour.texte) if jour is not None else None
    if numero is None or annee is None:
        return None
    return cle_unicite(_siren_du_vendeur(vue), numero.texte, int(annee[0]))


def _siren_du_vendeur(vue: Vue) -> str:
    siret = _siret(vue, "BT-29", "BT-30")
    if siret is not None:
        return siret.texte[:9]
    return next((v.texte for v in vue.toutes("BT-30") if v.schema == SIREN), "")


def _siret(vue: Vue, *termes: str) -> Valeur | None:
    """The first SIRET, of the standard's scheme or of the historic formats'."""
    portes = (v for v in vue.toutes(*termes) if v.schema in (SIRET, SIRET_HISTORIQUE))
    return next((v for v in portes if _QUATORZE_CHIFFRES.fullmatch(v.texte)), None)


UNICITE = Regle(
    code="CPRO-UNICITE",
    terme="BT-1",
    phrase="Le numéro de facture (BT-1, «\u00a0{valeur}\u00a0») est déjà celui du fichier {detail}, du "
    "même vendeur et de la même année : Chorus Pro n’accepte que la première, donnez un nouveau numéro à celle-ci.",
    source=_DSE,
    fiabilite="établi",
    predicat=lambda vue, _: vue.toutes(DEJA_PRIS)[:1],
)


def regles_annuaire(annuaire: Annuaire) -> tuple[Regle, ...]:
    """The rules that read the parameters of a recipient, and the existence of both parties, in this directory."""
    destinataire = _Destinataire(annuaire)
    return (
        Regle(
            code="CPRO-FOURNISSEUR",
            terme="BT-29",
            phrase="Le SIRET du vendeur (BT-29, «\u00a0{valeur}\u00a0») n’est celui d’aucune structure active de "
            "l’annuaire : vérifiez-le, puis l’état de votre structure.",
            source=f"{_DSE} ; DSE FE Chorus Pro §3.2.1.1",
            fiabilite="établi",
            predicat=lambda vue, _: _inconnu(annuaire, _siret(vue, "BT-29", "BT-30")),
        ),
        Regle(
            code="CPRO-DESTINATAIRE",
            terme="BT-46",
            phrase="Le SIRET du destinataire (BT-46, «\u00a0{valeur}\u00a0») n’est celui d’aucune structure active de "
            "l’annuaire : recopiez celui du client public.",
            source=_DSE,
            fiabilite="établi",
            predicat=lambda vue, _: _inconnu(annuaire, _siret(vue, "BT-46", "BT-47")),
        ),
        Regle(
            code="CPRO-DESTINATAIRE-PUBLIC",
            terme="BT-46",
            phrase="Le destinataire (BT-46, «\u00a0{valeur}\u00a0», {detail}) n’est pas une structure publique : "
            "Chorus Pro ne lui remet pas de facture.",
            source=_DSE,
            fiabilite="établi",
            predicat=destinataire.si(lambda structure, _: not structure.publique),
        ),
        Regle(
            code="CPRO-DESTINATAIRE-TRAVAUX",
            terme="BT-46",
            phrase="Le destinataire (BT-46, «\u00a0{valeur}\u00a0», {detail}) ne reçoit que des pièces de travaux : "
            "prenez le SIRET de la structure qui paie les factures simples.",
            source=_PARAMETRES,
            fiabilite="partiel",
            predicat=destinataire.si(lambda structure, vue: structure.moa_uniquement and not _travaux(vue)),
        ),
        Regle(
            code="CPRO-SERVICE",
            terme="BT-10",
            phrase="Le code service (BT-10) manque : {detail} l’exige, choisissez-le dans l’annuaire de Chorus Pro.",
            source=_PARAMETRES,
            fiabilite="établi",
            predicat=destinataire.si(
                lambda structure, vue: structure.service_obligatoire and not _services(vue), absent="BT-10"
            ),
        ),
        Regle(
            code="CPRO-SERVICE-INCONNU",
            terme="BT-10",
            phrase="Le code service (BT-10, «\u00a0{valeur}\u00a0») n’existe pas ou n’est plus actif chez {detail} : "
            "choisissez-le dans l’annuaire de Chorus Pro.",
            source=_PARAMETRES,
            fiabilite="établi",
            predicat=destinataire.services_inconnus,
        ),
        Regle(
            code="CPRO-ENGAGEMENT",
            terme="BT-13",
            phrase="Le numéro d’engagement (BT-13) manque : {detail} l’exige, demandez-le à l’acheteur.",
            source=f"CCP D2192-2 ; {_PARAMETRES}",
            fiabilite="établi",
            predicat=destinataire.engagement_absent,
        ),
        Regle(
            code="CPRO-ENGAGEMENT-OU-SERVICE",
            terme="BT-13",
            phrase="Ni code service (BT-10) ni numéro d’engagement (BT-13) : {detail} exige l’un des deux.",
            source=_PARAMETRES,
            fiabilite="établi",
            predicat=destinataire.si(
                lambda structure, vue: structure.engagement_ou_service and not (_services(vue) or _engage(vue)),
                absent="BT-13",
            ),
        ),
    )


class _Destinataire:
    """Predicates on the recipient that a directory knows; an unknown one is another rule's."""

    def __init__(self, annuaire: Annuaire) -> None:
        self._annuaire = annuaire

    def si(
        self, condition: Callable[[Structure, Vue], bool], *, absent: str = ""
    ) -> Callable[[Vue, int], tuple[Valeur, ...]]:
        """The recipient's SIRET, or the term that is absent, when the condition holds."""

        def fautives(vue: Vue, _limite: int) -> tuple[Valeur, ...]:
            trouve = self._trouver(vue)
            if trouve is None or not condition(trouve[1], vue) or (absent and not _va_au_payeur(vue)):
                return ()
            porte, structure = trouve
            nom = _entre_guillemets(structure.nom)
            return (Valeur(absent, "", detail=nom) if absent else _avec_detail(porte, nom),)

        return fautives

    def services_inconnus(self, vue: Vue, _limite: int) -> tuple[Valeur, ...]:
        """Service codes that are none of the recipient's active ones."""
        trouve = self._trouver(vue)
        if trouve is None or not trouve[1].publique:
            return ()
        structure = trouve[1]
        nom = _entre_guillemets(structure.nom)
        return tuple(_avec_detail(v, nom) for v in _services(vue) if structure.service(v.texte) is None)[:1]

    def engagement_absent(self, vue: Vue, _limite: int) -> tuple[Valeur, ...]:
        """No commitment number, when the recipient or the service named demands one."""
        trouve = self._trouver(vue)
        if trouve is None or _engage(vue) or not _va_au_payeur(vue):
            return ()
        structure = trouve[1]
        if structure.engagement_obligatoire:
            return (Valeur("BT-13", "", detail=_entre_guillemets(structure.nom)),)
        nommes = (structure.service(v.texte) for v in _services(vue))
        exigeant = next((s for s in nommes if s is not None and s.engagement_obligatoire), None)
        return (Valeur("BT-13", "", detail=f"le service {_entre_guillemets(exigeant.code)}"),) if exigeant else ()

    def _trouver(self, vue: Vue) -> tuple[Valeur, Structure] | None:
        porte = _siret(vue, "BT-46", "BT-47")
        structure = self._annuaire.structures.get(porte.texte) if porte is not None else None
        return (porte, structure) if porte is not None and structure is not None and structure.active else None


def _entre_guillemets(nom: str) -> str:
    return f"«\u00a0{court(nom)}\u00a0»"


def _inconnu(annuaire: Annuaire, porte: Valeur | None) -> tuple[Valeur, ...]:
    if porte is None:
        return ()
    structure = annuaire.structures.get(porte.texte)
    return () if structure is not None and structure.active else (porte,)


def _avec_detail(valeur: Valeur, detail: str) -> Valeur:
    return Valeur(valeur.terme, valeur.texte, valeur.schema, valeur.rang, detail)


def _services(vue: Vue) -> tuple[Valeur, ...]:
    """Service codes as both vocabularies write them, in BT-10 or beside the buyer's SIRET."""
    a_cote = tuple(v for v in vue.toutes("BT-46") if v.schema == _SERVICE)
    return tuple(v for v in (*a_cote, *vue.toutes("BT-10")) if v.texte)


def _engage(vue: Vue) -> bool:
    return any(v.texte for v in vue.toutes("BT-13"))


def _cadre(vue: Vue) -> referentiel.Cadre | None:
    """The cadre of Chorus Pro that the file states (A1…), if it states one."""
    porte = vue.premiere("BT-23")
    return next((c for c in referentiel.cadres() if porte is not None and c.code == porte.texte), None)


def _travaux(vue: Vue) -> bool:
    cadre = _cadre(vue)
    return cadre is not None and cadre.travaux


def _va_au_payeur(vue: Vue) -> bool:
    """Whether the piece goes straight to who pays: always in the standard's vocabulary, else as the cadre says."""
    cadre = _cadre(vue)
    return cadre is None or cadre.destinataire == "destinataire"

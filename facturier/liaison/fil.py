"""The wire itself: the address of a portal, what it answers, and the ways in which it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from facturier.erreurs import ErreurFacturier
from facturier.liaison import schemas as s
from facturier.portail import RefusPortail

if TYPE_CHECKING:
    import httpx

DELAI = 20.0
_DU_LIEN = frozenset({"jeton-refuse", "code-refuse", "deja-pris", "trop-d-essais", "panne", "forme", "methode"})


class ErreurLiaison(ErreurFacturier):
    """The portal of the class cannot be reached, or does not let one in."""

    code = "liaison"


def client(adresse: str) -> httpx.Client:
    """An HTTP client on that address.

    Raises:
        ErreurLiaison: it is not one.
    """
    import httpx

    propre = adresse.strip().rstrip("/") + "/"
    morceaux = urlsplit(propre)
    if morceaux.scheme not in ("http", "https") or not morceaux.hostname or "@" in morceaux.netloc:
        raise ErreurLiaison("Donnez l’adresse du portail, par exemple http://192.168.1.20:8765.", code="adresse")
    return httpx.Client(base_url=propre, timeout=DELAI, follow_redirects=False, trust_env=False)


def lire(reponse: httpx.Response) -> Any:
    """What the portal answers; its refusal is raised."""
    try:
        document = reponse.json()
        if reponse.is_success:
            return document
        refus = s.Erreur.model_validate(document)
    except ValueError as cause:
        raise pas_un_portail() from cause
    if reponse.status_code >= 500 or refus.code in _DU_LIEN:
        raise ErreurLiaison(refus.phrase, code=refus.code)
    raise RefusPortail((refus.phrase,), refus.regles, code=refus.code)


def injoignable() -> ErreurLiaison:
    """Nobody answers."""
    return ErreurLiaison(
        "Le portail de la classe ne répond pas : vérifiez votre connexion, puis recommencez. Ce qui était enregistré "
        "l’est resté.",
        code="injoignable",
    )


def pas_un_portail() -> ErreurLiaison:
    """What answers is not a portal of ours."""
    return ErreurLiaison(
        "Cette adresse ne répond pas comme le portail d’une classe : relisez-la, ou mettez facturier à jour.",
        code="reponse-illisible",
    )

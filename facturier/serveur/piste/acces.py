"""Who calls the API face: a PISTE-shaped token got with training credentials, and the technical account's header."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Request

from facturier.registre import LigneParticipant
from facturier.serveur import vif
from facturier.serveur.classe import Classe
from facturier.serveur.piste.memoire import Memoire
from facturier.serveur.refus import RefusClasse

DUREE = timedelta(hours=1)
"""Life of a token on this portal; that of PISTE is not in the table."""
_CLE = secrets.token_bytes(32)
"""Signs the tokens of this process; a restart ends them, and the client asks for another."""
_ENTETE_MAX = 400


@dataclass(frozen=True)
class Compte:
    """A technical account: the participant whose it is, and the space that it opens."""

    lui: LigneParticipant
    espace: str

    @property
    def par(self) -> str:
        """Who acts, in the journal."""
        return self.lui.pseudonyme


async def classe_de(request: Request) -> Classe:
    """The class that this face belongs to."""
    classe: Classe = request.app.state.classe
    return classe


LaClasse = Annotated[Classe, Depends(classe_de)]


def ouvrir_jeton(classe: Classe, client_id: str, client_secret: str) -> str:
    """A token for an hour, against the participant's pseudonym and the token that the class gave them.

    Raises:
        RefusClasse: they do not go together (« jeton-refuse »).
    """
    lui = classe.identifier(client_secret)
    if not hmac.compare_digest(lui.pseudonyme.encode(), client_id.strip().lower().encode("utf-8", "replace")):
        raise _refuse()
    fin = int((classe.horloge() + DUREE).timestamp())
    return f"{lui.pseudonyme}.{fin}.{_sceau(lui, fin)}"


async def _compte(
    classe: LaClasse,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    cpro_account: Annotated[str, Header(include_in_schema=False)] = "",
) -> Compte:
    genre, _, jeton = authorization.partition(" ")
    login, mot_de_passe = _decoder(cpro_account)
    lui = await vif.identifier(classe, mot_de_passe)
    if genre.lower() != "bearer" or not _tient(classe, lui, jeton.strip()):
        raise _refuse()
    espace = lui.solo if login == lui.pseudonyme else login
    if espace not in classe.espaces_de(lui):
        raise _refuse()
    return Compte(lui, espace)


LeCompte = Annotated[Compte, Depends(_compte)]


async def _memoire(request: Request) -> Memoire:
    memoire: Memoire = request.app.state.memoire
    return memoire


LaMemoire = Annotated[Memoire, Depends(_memoire)]


def _decoder(entete: str) -> tuple[str, str]:
    """Login and password of the ``cpro-account`` header."""
    try:
        clair = base64.b64decode(entete[:_ENTETE_MAX], validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as cause:
        raise _refuse() from cause
    login, _, mot_de_passe = clair.partition(":")
    return login.strip(), mot_de_passe


def _tient(classe: Classe, lui: LigneParticipant, jeton: str) -> bool:
    nom, _, reste = jeton.partition(".")
    fin, _, sceau = reste.partition(".")
    if nom != lui.pseudonyme or not (fin.isascii() and fin.isdigit() and len(fin) <= 12):
        return False
    attendu = _sceau(lui, int(fin))
    return hmac.compare_digest(attendu.encode(), sceau.encode("utf-8", "replace")) and int(fin) > int(
        classe.horloge().timestamp()
    )


def _sceau(lui: LigneParticipant, fin: int) -> str:
    """``lui.jeton`` is a fingerprint: resetting somebody's access also ends the tokens opened with it."""
    return hmac.new(_CLE, f"{lui.pseudonyme}|{fin}|{lui.jeton}".encode(), hashlib.sha256).hexdigest()


def _refuse() -> RefusClasse:
    return RefusClasse(
        "Accès refusé : demandez un jeton (client_credentials) avec votre pseudonyme et le jeton reçu de la classe,"
        " puis envoyez-le (Authorization: Bearer) avec l’en-tête cpro-account, base64 de « compte:jeton de la "
        "classe ».",
        code="jeton-refuse",
    )

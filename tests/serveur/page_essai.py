"""A browser without a window on the trainer's pages: it follows forms as they are written in the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import lxml.html
from fastapi.testclient import TestClient
from httpx import Response

from facturier.serveur import Animateurs, Classe
from facturier.serveur.application import creer

ADRESSE = "http://portail.test"


@dataclass
class Fureteur:
    """A trainer's browser."""

    client: TestClient
    classe: Classe
    animateurs: Animateurs

    @classmethod
    def sur(cls, classe: Classe) -> Fureteur:
        animateurs = Animateurs(classe.registre, classe.ecrivain, classe.horloge)
        client = TestClient(creer(classe, animateurs), base_url=ADRESSE, follow_redirects=True)
        return cls(client, classe, animateurs)

    def lien(self) -> str:
        return f"{ADRESSE}/animateur/entrer?jeton={self.animateurs.lien()}"

    def entrer(self) -> Fureteur:
        assert self.client.get(self.lien()).status_code == 200
        return self

    def voir(self, adresse: str) -> lxml.html.HtmlElement:
        reponse = self.client.get(adresse)
        assert reponse.status_code == 200, reponse.text
        return lxml.html.fromstring(reponse.text)

    def envoyer(
        self,
        page: str | Response,
        action: str,
        bouton: str = "",
        *,
        rang: int = 0,
        origine: str = ADRESSE,
        **champs: str,
    ) -> Response:
        """Fill the form that goes to ``action`` and send it, as a page of the portal does."""
        racine = lxml.html.fromstring(page.text) if isinstance(page, Response) else self.voir(page)
        formulaires = [f for f in racine.forms if f.get("action") == action]
        formulaire = formulaires[rang]
        donnees: dict[str, Any] = {nom: valeur or "" for nom, valeur in formulaire.form_values()}
        for cle, valeur in champs.items():
            donnees[cle.replace("__", ":")] = valeur
        if bouton:
            nom, _, valeur = bouton.partition("=")
            donnees[nom] = valeur
        return self.client.post(action, data=donnees, headers={"origin": origine})


def texte(reponse: Response | lxml.html.HtmlElement) -> str:
    """What a page says, spaces made ordinary."""
    racine = lxml.html.fromstring(reponse.text) if isinstance(reponse, Response) else reponse
    return re.sub(r"[\s\u00a0]+", " ", racine.text_content())

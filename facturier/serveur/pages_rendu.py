"""What every page shares: templates, sessions by cookie, forms that only a page of the portal can send, refusals."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from facturier import __version__
from facturier.erreurs import ErreurFacturier
from facturier.serveur import jetons, pages_mots
from facturier.serveur.animateurs import Animateurs
from facturier.serveur.animation import Animation
from facturier.serveur.entree import COOKIE, animateurs_de, poser_cookie
from facturier.serveur.erreurs import STATUTS
from facturier.serveur.refus import RefusClasse

NAVIGATEUR, APPRENANT = "facturier_page", "facturier_apprenant"
"""Names of cookies: the secret of the forms of one browser, a learner's token."""
CHAMPS_MAX = 900
TEXTE_MAX = 2000
_ENTETES = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send the forms of the page with « Origin: null »
    "Cache-Control": "no-store",
}
Champs = Mapping[str, str]
Liste = tuple[str, Sequence[str]]
"""A title, and the lines under it."""


class Messages:
    """Sentences to show on the next page of a session, once: nothing of them travels in an address."""

    SESSIONS_MAX = 200

    def __init__(self) -> None:
        self._phrases: dict[str, str] = {}
        self._verrou = threading.Lock()

    def dire(self, marque: str, phrase: str) -> None:
        """Keep that sentence for whoever bears this mark."""
        with self._verrou:
            self._phrases.pop(marque, None)
            while len(self._phrases) >= self.SESSIONS_MAX:
                del self._phrases[next(iter(self._phrases))]
            self._phrases[marque] = phrase

    def prendre(self, marque: str) -> str:
        """The sentence kept for that mark, « » when there is none."""
        with self._verrou:
            return self._phrases.pop(marque, "")


@dataclass(frozen=True)
class Visite:
    """A request for a page: who asks, and what proves that a form comes from a page of theirs."""

    request: Request
    jeton: str
    secret: str

    @property
    def animateurs(self) -> Animateurs:
        """The logins of the class."""
        return animateurs_de(self.request)

    @property
    def animation(self) -> Animation:
        """The class, as a trainer handles it."""
        animation: Animation = self.request.app.state.animation
        return animation

    @property
    def adresse(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    @property
    def preuve(self) -> str:
        """What a form of this browser and session carries."""
        return jetons.empreinte(f"formulaire|{self.secret}|{self.jeton}")

    @property
    def marque(self) -> str:
        """Under which the next message is kept."""
        return jetons.empreinte(f"message|{self.secret}|{self.jeton}")

    def nom(self) -> str:
        """The trainer's login (RefusClasse « session-refusee »)."""
        return self.animateurs.identifier(self.jeton)

    def connecte(self) -> str:
        """The trainer's login, « » when nobody is logged in."""
        try:
            return self.nom()
        except RefusClasse:
            return ""

    def page(self, modele: str, statut: int = 200, **valeurs: Any) -> HTMLResponse:
        """A page, with the headers that keep it from doing anything else than what it shows."""
        texte = environnement().get_template(modele)
        html = texte.render(
            preuve=self.preuve,
            animateur=self.connecte(),
            message=self.request.app.state.messages.prendre(self.marque),
            **valeurs,
        )
        reponse = HTMLResponse(html, status_code=statut, headers=_ENTETES)
        if self.request.cookies.get(NAVIGATEUR) != self.secret:
            poser_cookie(self.request, reponse, NAVIGATEUR, self.secret)
        return reponse

    def fragment(self, modele: str, version: str, voir: Callable[[], Any]) -> Response:
        """The live part of a page; nothing at all, and nothing read, when the browser has this version of it."""
        etag = f'"{jetons.empreinte(version + self.preuve)[:32]}"'
        entetes = {**_ENTETES, "Cache-Control": "no-cache", "ETag": etag}
        if self.request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=entetes)
        html = environnement().get_template(modele).render(preuve=self.preuve, vue=voir())
        return HTMLResponse(html, headers=entetes)

    def vers(self, adresse: str, phrase: str = "") -> RedirectResponse:
        """On to another page, that sentence shown there."""
        if phrase:
            self.request.app.state.messages.dire(self.marque, phrase)
        return RedirectResponse(adresse, status_code=303, headers=_ENTETES)

    def confirmer(
        self, titre: str, phrases: Sequence[str], champs: Champs, retour: str, listes: Sequence[Liste] = ()
    ) -> HTMLResponse:
        """Say in words what is about to be done, and ask."""
        gardes = {cle: valeur for cle, valeur in champs.items() if cle not in ("preuve", "confirme")}
        return self.page(
            "confirmer.html",
            titre=titre,
            listes=listes,
            phrases=phrases,
            champs=gardes,
            retour=retour,
            adresse=self.request.url.path,
        )


def visite(request: Request) -> Visite:
    """Anybody's visit."""
    cookies = request.cookies
    secret = cookies.get(NAVIGATEUR, "")[:100] or secrets.token_urlsafe(24)
    return Visite(request, cookies.get(COOKIE, "")[:100], secret)


def visite_animateur(request: Request) -> Visite:
    """A trainer's visit (RefusClasse « session-refusee » for anybody else)."""
    venue = visite(request)
    venue.nom()
    return venue


async def champs_recus(request: Request) -> dict[str, str]:
    """The fields of a form sent by a page of this portal to the one who sends it back; others are refused.

    Raises:
        RefusClasse: from elsewhere, or too many or too long fields.
    """
    genre = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if genre != "application/x-www-form-urlencoded":
        raise RefusClasse("Ce formulaire n’a pas la forme attendue : rechargez la page.", code="forme")
    corps = await request.body()
    try:
        paires = parse_qsl(corps.decode("utf-8"), keep_blank_values=True, max_num_fields=CHAMPS_MAX, errors="strict")
    except ValueError as cause:
        raise RefusClasse("Ce formulaire n’est pas lisible : rechargez la page.", code="forme") from cause
    champs = dict(paires)
    if any(len(cle) > 120 or len(valeur) > TEXTE_MAX for cle, valeur in paires):
        raise RefusClasse(f"Un champ dépasse {TEXTE_MAX} caractères : raccourcissez-le.", code="forme")
    origine = request.headers.get("origin", "")
    if origine.partition("://")[2] != request.headers.get("host", "") or not origine:
        raise RefusClasse(
            "Cette demande vient d’une autre page que celle du portail : elle est refusée.", code="interdit"
        )
    if not hmac.compare_digest(champs.pop("preuve", "").encode(), visite(request).preuve.encode()):
        raise RefusClasse("Cette page a vieilli : rechargez-la, puis recommencez.", code="interdit")
    return champs


Anonyme = Annotated[Visite, Depends(visite)]
Animee = Annotated[Visite, Depends(visite_animateur)]
Recus = Annotated[dict[str, str], Depends(champs_recus)]


class RoutePage(APIRoute):
    """A route whose refusals are pages: the login for whoever has no session, else the sentence."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, around which refusals are turned into pages."""
        suite = super().get_route_handler()

        async def servir(request: Request) -> Response:
            try:
                return await suite(request)
            except ErreurFacturier as refus:
                venue = visite(request)
                if refus.code == "session-refusee":
                    if "direct" in request.query_params:
                        return Response(status_code=401, headers=_ENTETES)
                    return venue.vers("/animateur/connexion", refus.phrase if venue.jeton else "")
                statut = STATUTS.get(refus.code, 422)
                retour = "/animateur" if venue.connecte() else "/"
                return venue.page("refus.html", statut, phrases=_phrases(refus), retour=retour)

        return servir


@lru_cache(maxsize=1)
def environnement() -> Environment:
    """The templates: everything is escaped, an unknown name is a failure."""
    env = Environment(
        loader=ChoiceLoader([PackageLoader(f"facturier.{salle}", "modeles") for salle in ("serveur", "ecrans")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["version"] = __version__
    env.filters.update(pages_mots.FILTRES)
    return env


def _phrases(refus: ErreurFacturier) -> tuple[str, ...]:
    phrases: tuple[str, ...] = getattr(refus, "phrases", ())
    return phrases or (refus.phrase,)

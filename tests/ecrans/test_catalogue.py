"""Tous les écrans du portail, tels qu’un poste d’entraînement les montre : reliés, accessibles, sans lien mort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from lxml import html

from facturier.annuaire import Annuaire
from facturier.ecrans.blocs import Cible, Lien, Repli, Section
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.ecran import RUBRIQUES
from facturier.ecrans.poste import ACCUEIL, Poste
from facturier.ecrans.rendu import rendre
from facturier.formulaires.portail import ouvrir_marche, ouvrir_recit
from facturier.situations import raconter, situations


@cache
def postes() -> tuple[Poste, ...]:
    """Free practice on a market, and each story: what there is to look at."""
    matin = lambda: datetime(2026, 11, 2, 9, 0)  # noqa: E731 a clock in one line
    marche = next(m for m in Annuaire.charger().marches.values() if m.moe)
    histoires = [ouvrir_recit(raconter(code, "catalogue"), matin)(()) for code in situations()]
    return ouvrir_marche(marche, matin)(()), *histoires


def vues(ecran: str) -> Iterator[Any]:
    """That screen as every seat of every place sees it, blank and on each object that there is."""
    for poste in postes():
        objets = ["", *poste.guichet.etat.pieces][:3]
        for siege in poste.sieges[:4] or ("",):
            for objet in objets:
                poste.ouvrir(Cible(ecran, objet, siege.cle if siege else ""))
                yield poste, poste.vue()


def cibles(blocs: Iterable[Any]) -> Iterator[Cible]:
    for bloc in blocs:
        if isinstance(bloc, Lien):
            yield bloc.cible
        elif isinstance(bloc, (Section, Repli)):
            yield from cibles(bloc.blocs)
        else:
            for nom in ("lignes", "liens"):
                yield from cibles(getattr(bloc, nom, ()))
            for rangee in (*getattr(bloc, "rangees", ()), *getattr(bloc, "paires", ())):
                yield from cibles(rangee)


@pytest.mark.parametrize("ecran", ECRANS)
def test_un_ecran_se_dessine_ses_champs_sont_relies_et_ses_liens_menent_quelque_part(ecran: str) -> None:
    for poste, vue in vues(ecran):
        assert vue.ecran.id == ecran
        assert [c for c in cibles(vue.blocs) if c.ecran not in ECRANS] == []
        page = html.fromstring(rendre(vue).html())
        ids = page.xpath("//@id")
        assert sorted(ids) == sorted(set(ids))
        for controle in page.xpath("//*[@data-champ]"):
            champ, cle = controle.get("data-champ"), controle.get("id")
            assert champ in vue.champs
            nommee = controle.get("aria-labelledby")
            assert page.xpath("//label[@for=$id]", id=cle) or nommee, (ecran, champ)
            assert all(i in ids for i in (nommee or "").split())
            assert all(i in ids for i in (controle.get("aria-describedby") or "").split())
        montres = set(page.xpath("//@data-champ"))
        bloques = {champ for champ, _ in vue.bloquants}
        assert not montres or bloques <= montres, f"{ecran} : ce qui bloque n’est pas sur la page"
        assert poste.ecran.id == ecran


def test_chaque_ecran_a_un_identifiant_et_une_rubrique_connue() -> None:
    for cle, ecran in ECRANS.items():
        assert cle == ecran.id
        assert ecran.rubrique in ("", *RUBRIQUES)
    assert ACCUEIL in ECRANS

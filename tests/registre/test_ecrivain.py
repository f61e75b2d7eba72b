"""The one writer of a class: together when many wait, each alone when one is wrong."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from facturier.registre import Ecrivain, Lot, RegistreClasse, RegistreRefuse


class RegistreCompte(RegistreClasse):
    """Counts its commits, and can be held or made to fail."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.commits = 0
        self.libre = threading.Event()
        self.libre.set()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        self.libre.wait(10)
        with super().transaction() as connexion:
            yield connexion
        self.commits += 1


@pytest.fixture
def registre(tmp_path: Path) -> Iterator[RegistreCompte]:
    with RegistreCompte(f"sqlite:///{tmp_path / 'r.sqlite'}") as ouvert:
        yield ouvert


@pytest.fixture
def ecrivain(registre: RegistreCompte) -> Iterator[Ecrivain]:
    ouvert = Ecrivain(registre)
    yield ouvert
    registre.libre.set()
    ouvert.fermer()


def lot(journal: str, *numeros: int, cle: str = "") -> Lot:
    evenements: list[dict[str, Any]] = [{"n": n, "donnees": {"quoi": "« é »"}} for n in numeros]
    return Lot(journal, evenements, (cle, "d", "{}") if cle else None)


def test_ceux_qui_attendent_ensemble_partagent_une_ecriture(registre: RegistreCompte, ecrivain: Ecrivain) -> None:
    registre.libre.clear()
    promesses = [ecrivain.soumettre(lot(f"j{rang}", 1, 2, cle="k")) for rang in range(100)]
    registre.libre.set()
    for promesse in promesses:
        promesse.result(10)
    assert registre.commits <= 3
    assert all([e["n"] for e in registre.lire(f"j{rang}")] == [1, 2] for rang in range(100))
    assert registre.cles("j7") == {"k": ("d", "{}")}


def test_un_lot_faux_n_emporte_pas_les_autres_et_n_entre_pas_a_moitie(
    registre: RegistreCompte, ecrivain: Ecrivain
) -> None:
    ecrivain.ecrire(lot("a", 1, cle="k"))
    registre.libre.clear()
    ecrivain.soumettre(lot("occupe", 1))
    faux = [ecrivain.soumettre(un) for un in (lot("a", 3), lot("b", 1, 3), lot("a", 2, cle="k"))]
    justes = [ecrivain.soumettre(lot("c", 1)), ecrivain.soumettre(lot("d", 1, 2))]
    registre.libre.set()
    for promesse in justes:
        promesse.result(10)
    for promesse in faux:
        with pytest.raises(RegistreRefuse):
            promesse.result(10)
    assert [e["n"] for e in registre.lire("a")] == [1]
    assert registre.lire("b") == ()
    ecrivain.ecrire(lot("a", 2))


def test_un_lot_que_la_base_ne_sait_pas_garder_n_emporte_pas_les_autres(
    registre: RegistreCompte, ecrivain: Ecrivain
) -> None:
    """What is wrong is not always seen before the store says it: a text it cannot encode, a type it does not know."""
    registre.libre.clear()
    ecrivain.soumettre(lot("occupe", 1))
    illisible = Lot("a", [{"n": 1, "donnees": {"quoi": "\ud800"}}])
    inconnu = Lot("b", [{"n": 1}], ("k", "d", object()))  # type: ignore[arg-type]  # what no caller should give
    faux = [ecrivain.soumettre(illisible), ecrivain.soumettre(inconnu)]
    justes = [ecrivain.soumettre(lot("c", 1)), ecrivain.soumettre(lot("d", 1, 2))]
    registre.libre.set()
    for promesse in justes:
        promesse.result(10)
    assert all(promesse.exception(10) is not None for promesse in faux)
    assert [registre.dernier(journal) for journal in "abcd"] == [0, 0, 1, 2]


def test_une_base_hors_service_n_est_pas_redemandee_pour_chacun(
    registre: RegistreCompte, ecrivain: Ecrivain, monkeypatch: pytest.MonkeyPatch
) -> None:
    essais = []

    @contextmanager
    def pleine(_: object) -> Iterator[Connection]:
        from sqlalchemy.exc import OperationalError

        essais.append(1)
        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorname = "SQLITE_FULL"
        raise OperationalError("COMMIT", {}, cause)
        yield

    registre.libre.clear()
    ecrivain.soumettre(lot("occupe", 1))
    with monkeypatch.context() as panne:
        panne.setattr(RegistreClasse, "transaction", pleine)
        promesses = [ecrivain.soumettre(lot(f"j{rang}", 1)) for rang in range(50)]
        registre.libre.set()
        for promesse in promesses:
            with pytest.raises(RegistreRefuse, match="disque est plein"):
                promesse.result(10)
    assert len(essais) <= 3
    ecrivain.ecrire(lot("j0", 1))


def test_une_base_verrouillee_refuse_puis_reprend(
    registre: RegistreCompte, ecrivain: Ecrivain, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def verrouillee(_: object) -> Iterator[Connection]:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("BEGIN", {}, Exception("database is locked"))
        yield

    with monkeypatch.context() as panne:
        panne.setattr(RegistreClasse, "transaction", verrouillee)
        with pytest.raises(RegistreRefuse, match="ne peut pas être lu ou écrit"):
            ecrivain.ecrire(lot("a", 1))
    ecrivain.ecrire(lot("a", 1))
    assert [e["n"] for e in registre.lire("a")] == [1]


def test_un_ecrivain_ferme_a_tout_ecrit_et_refuse_la_suite(registre: RegistreCompte) -> None:
    ecrivain = Ecrivain(registre)
    promesses = [ecrivain.soumettre(lot(f"j{rang}", 1)) for rang in range(50)]
    ecrivain.fermer()
    assert all(promesse.done() and promesse.exception() is None for promesse in promesses)
    with pytest.raises(RegistreRefuse, match="s’arrête"):
        ecrivain.ecrire(lot("j0", 2))


def test_qui_lit_n_attend_pas_qui_ecrit(registre: RegistreCompte) -> None:
    registre.ajouter("a", {"n": 1})
    with registre.transaction():  # holds the write lock
        assert registre.lire("a") == ({"n": 1},)
        assert registre.journaux() == ("a",)


def test_ce_qu_une_boucle_donne_pendant_un_tour_part_ensemble_et_dans_l_ordre(
    registre: RegistreCompte, ecrivain: Ecrivain
) -> None:
    async def donner() -> None:
        boucle = asyncio.get_running_loop()
        await asyncio.gather(*(ecrivain.confier(lot(f"j{rang}", 1), boucle) for rang in range(50)))

    asyncio.run(donner())
    assert registre.commits == 1
    assert len(registre.journaux()) == 50


def test_un_fil_n_ecrit_pas_avant_ce_qu_une_boucle_tient_encore(registre: RegistreCompte, ecrivain: Ecrivain) -> None:
    async def donner() -> None:
        tenu = ecrivain.confier(lot("j", 1), asyncio.get_running_loop())
        ecrivain.ecrire(lot("j", 2))  # number 2 is refused unless number 1 is there
        await asyncio.wait_for(tenu, 10)

    asyncio.run(donner())
    assert registre.dernier("j") == 2


def test_ce_qu_une_boucle_tenait_a_la_fermeture_est_ecrit(registre: RegistreCompte) -> None:
    ouvert = Ecrivain(registre)

    async def donner() -> None:
        ouvert.confier(lot("j", 1), asyncio.get_running_loop())
        ouvert.fermer()
        with pytest.raises(RegistreRefuse, match="s’arrête"):
            await ouvert.confier(lot("k", 1), asyncio.get_running_loop())

    asyncio.run(donner())
    assert registre.dernier("j") == 1
    assert registre.dernier("k") == 0


def test_dans_une_boucle_un_lot_faux_ne_refuse_que_lui(registre: RegistreCompte, ecrivain: Ecrivain) -> None:
    async def donner() -> list[BaseException | None]:
        boucle = asyncio.get_running_loop()
        lots = (lot("a", 1, cle="k"), lot("b", 3), lot("a", 2), lot("c", 1, 2))
        return await asyncio.gather(*(ecrivain.confier(un, boucle) for un in lots), return_exceptions=True)

    dits = asyncio.run(donner())
    assert [type(dit) for dit in dits] == [type(None), RegistreRefuse, type(None), type(None)]
    assert [registre.dernier(journal) for journal in "abc"] == [2, 0, 2]


def test_ce_a_quoi_une_tache_renonce_est_ecrit_et_une_boucle_fermee_n_arrete_rien(
    registre: RegistreCompte, ecrivain: Ecrivain
) -> None:
    async def renoncer() -> None:
        registre.libre.clear()
        boucle = asyncio.get_running_loop()
        laisse, attendu = ecrivain.confier(lot("laisse", 1), boucle), ecrivain.confier(lot("attendu", 1), boucle)
        await asyncio.sleep(0)
        laisse.cancel()
        registre.libre.set()
        await asyncio.wait_for(attendu, 10)
        registre.libre.clear()
        ecrivain.confier(lot("apres", 1), boucle)
        await asyncio.sleep(0)

    asyncio.run(renoncer())
    registre.libre.set()
    ecrivain.ecrire(lot("suite", 1))
    assert registre.journaux() == ("apres", "attendu", "laisse", "suite")

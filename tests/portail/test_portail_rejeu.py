"""A journal from outside is replayed under the same rules, or refused by the number of its first bad event."""

from __future__ import annotations

import contextlib
import copy
import gc
import json
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    ELECTRICIEN,
    NETTOYAGE,
    PARTIES,
    Horloge,
    deposer,
    deposer_a4,
    deposer_a15,
    deposer_a19,
    facture,
)

from facturier.portail import EVENEMENTS_MAX, Acteur, Annuaire, JournalRefuse, Portail, RefusPortail
from facturier.portail.etat import octets
from facturier.portail.evenements import sceller
from facturier.portail.ouverture import Ouverture
from facturier.portail.pliage import plier

GENESE = Ouverture().genese()


def scelle(evenements: Any) -> Any:
    """The same journal with right fingerprints, as whoever forges one with care would write it."""
    return json.loads(json.dumps(sceller(GENESE, evenements)))


def journee(annuaire: Annuaire) -> Portail:
    """A day of everything: a works circuit, a rejected invoice, a recycled one, a silence of the valideur."""
    horloge = Horloge()
    portail = Portail(annuaire, horloge)
    a9 = deposer(portail, "A9", numero="ST-1")
    a1 = deposer(portail, numero="FA-1")
    horloge.passe(hours=2)
    payeur = Acteur("destinataire", COMMUNE)
    portail.agir(payeur, a1.id, "suspendre", motif="JUSTIF_ABS")
    portail.agir(Acteur("fournisseur", ELECTRICIEN), a1.id, "completer", piece_jointe="bl.pdf", piece_jointe_octets="9")
    portail.agir(payeur, a1.id, "rejeter", motif="FACT_NON_CONFORME")
    brouillon = portail.enregistrer(Acteur("fournisseur", NETTOYAGE), facture(numero="N-1"))
    portail.envoyer(Acteur("fournisseur", NETTOYAGE), brouillon.id, {"commentaire": "Bon à payer."})
    a15 = deposer_a15(portail, deposer_a4(portail).id)
    horloge.passe(days=20)
    portail.agir(Acteur("destinataire", COMMUNE), a9.id, "mandater")
    deposer_a19(portail, a15.id)
    return portail


@pytest.fixture(scope="module")
def journal() -> list[dict[str, Any]]:
    return json.loads(json.dumps(journee(Annuaire.charger()).journal))


def test_le_rejeu_redonne_les_memes_pieces_et_le_meme_journal(
    annuaire: Annuaire, journal: list[dict[str, Any]]
) -> None:
    attendu = journee(annuaire)
    rejoue = Portail.rejouer(journal, annuaire)
    assert rejoue.pieces() == attendu.pieces()
    assert list(rejoue.journal) == journal
    assert octets(rejoue.etat) == octets(attendu.etat) == octets(plier(attendu.journal, annuaire))
    assert rejoue.horloge() == datetime.fromisoformat(journal[-1]["quand"])


@pytest.mark.endurance
def test_dix_mille_rejeux_donnent_toujours_le_meme_etat_sans_enfler(
    annuaire: Annuaire, journal: list[dict[str, Any]]
) -> None:
    attendu = journee(annuaire).pieces()
    gardes: list[int] = []
    for tour in range(10_000):
        assert Portail.rejouer(journal, annuaire).pieces() == attendu
        if tour in (100, 9_999):
            gc.collect()
            gardes.append(len(gc.get_objects()))
    assert gardes[1] - gardes[0] < 1_000, "objets gardés par les rejeux"


def test_on_continue_apres_un_rejeu(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    plus_tard = datetime.fromisoformat(journal[-1]["quand"]) + timedelta(days=1)
    portail = Portail.rejouer(journal, annuaire, lambda: plus_tard)
    portail.agir(Acteur("comptable", COMMUNE), "P0001", "mettre_en_paiement")
    assert portail.piece("P0001").date_du("MISE_EN_PAIEMENT") == plus_tard
    assert Portail.rejouer(portail.journal, annuaire).pieces() == portail.pieces()


def test_un_journal_vide_est_un_portail_vide(annuaire: Annuaire) -> None:
    portail = Portail.rejouer([], annuaire)
    assert portail.pieces() == ()
    assert isinstance(portail.horloge(), datetime)


def test_un_journal_coupe_se_complete_des_passages_automatiques(
    annuaire: Annuaire, journal: list[dict[str, Any]]
) -> None:
    for n in range(len(journal)):
        portail = Portail.rejouer(journal[:n], annuaire)
        assert list(portail.journal[:n]) == journal[:n]
        assert list(portail.journal) == journal[: portail.longueur]


def test_le_journal_rendu_est_une_copie(portail: Portail) -> None:
    deposer(portail)
    portail.journal[0]["donnees"]["montant_ttc"] = "1,00"
    portail.journal[0]["role"] = "moa"
    assert portail.journal[0]["donnees"]["montant_ttc"] == "1 200,00"
    assert portail.journal[0]["role"] == "fournisseur"


def refuse(annuaire: Annuaire, evenements: Any, n: int, raison: str | None = None) -> None:
    with pytest.raises(JournalRefuse, match=raison) as refus:
        Portail.rejouer(evenements, annuaire)
    assert refus.value.n == n
    assert refus.value.phrase.startswith("Le journal est refusé")


@pytest.mark.parametrize("entree", [None, 3, "[]", {}, {"n": 1}, b"x"])
def test_autre_chose_qu_une_liste_est_refuse(annuaire: Annuaire, entree: Any) -> None:
    refuse(annuaire, entree, 0, "pas une liste")


def test_un_journal_demesure_est_refuse_sans_etre_lu(annuaire: Annuaire) -> None:
    refuse(annuaire, [None] * (EVENEMENTS_MAX + 1), 0, f"{EVENEMENTS_MAX + 1} événements")


@pytest.mark.parametrize(
    ("cle", "valeur", "raison"),
    [
        ("n", "1", "nombre entier"),
        ("n", True, "nombre entier"),
        ("n", 1.0, "nombre entier"),
        ("n", 4, "le n° 3 est attendu"),
        ("n", 10**40, f"de 1 à {EVENEMENTS_MAX}"),
        pytest.param("n", 10**9999, f"de 1 à {EVENEMENTS_MAX}", id="n-demesure"),
        ("n", 0, f"de 1 à {EVENEMENTS_MAX}"),
        ("quand", 20261124, "AAAA-MM-JJ"),
        ("quand", "hier", "AAAA-MM-JJ"),
        ("quand", "2026-11-24", "AAAA-MM-JJ"),
        ("quand", "2026-13-24T10:42:00", "possibles"),
        ("quand", "9999-12-31T23:59:59", "plausible"),
        ("quand", "2026-11-24T10:41:59", "antérieure"),
        ("quand", "2026-11-24T10:42:00+01:00", "AAAA-MM-JJ"),
        ("role", "trésorier", "rôle est inconnu"),
        ("role", [], "rôle est inconnu"),
        ("role", "moe", "déposée par le fournisseur"),
        ("quand", "1970-01-01T00:00:00", "plausible"),
        ("quand", "2199-01-01T00:00:00", "plausible"),
        ("structure", "", "SIRET de 14"),
        ("structure", 99990011100017, "SIRET de 14"),
        ("structure", "٩" * 14, "SIRET de 14"),
        ("structure", "99990011100025", "pas active"),
        ("action", "", "action est inconnue"),
        ("action", "__class__", "action est inconnue"),
        ("action", "voler", "n’existe pas"),
        ("action", "x" * 100_000, "action est inconnue"),
        ("objet", "P1", "P0001"),
        ("objet", "P0009", "le portail aurait inscrit"),
        ("objet", None, "P0001"),
        ("par", None, "pseudonyme"),
        ("par", "Léa", "pseudonyme"),
        ("par", "C0001", "n’existe pas"),
        ("par", "lea", "n’est pas connu"),
        ("par", "animateur", "pas d’animateur"),
        ("par", "simule", "n’était pas dû"),
        ("empreinte", None, "64 chiffres"),
        ("empreinte", "0" * 63, "64 chiffres"),
        ("donnees", None, "objet JSON"),
        ("donnees", [], "objet JSON"),
        ("donnees", {"cadre": 1}, "doit être un texte"),
        ("donnees", {"cadre": "A1", "": "x"}, "nom de champ"),
        ("donnees", {f"c{i}": "" for i in range(41)}, "plus de 40 champs"),
        ("donnees", {"cadre": "A" * 10_000_000}, "dépasse 2000"),
        ("donnees", {"cadre": "\ud800"}, "caractère interdit"),
        ("donnees", {"cadre": "A1"}, "Indiquez le SIRET"),
        ("donnees", {"self": "x"}, "n’admet pas"),
    ],
)
def test_un_evenement_falsifie_est_nomme(
    annuaire: Annuaire, journal: list[dict[str, Any]], cle: str, valeur: Any, raison: str
) -> None:
    falsifie = copy.deepcopy(journal)
    place = next(i for i, e in enumerate(falsifie) if e["action"] == "deposer" and e["n"] > 1)
    falsifie[place][cle] = valeur
    assert place == 2
    if cle != "empreinte":
        with contextlib.suppress(UnicodeEncodeError, ValueError):  # what cannot even be sealed is refused by its form
            falsifie = sceller(GENESE, falsifie)
    refuse(annuaire, falsifie, 3, raison)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (0, {"quand": "2026-11-24T10:41:00"}),
        (2, {"structure": NETTOYAGE}),
        (6, {"donnees": {"motif": "AUTRE"}}),
        (4, {"empreinte": "0" * 64}),
    ],
)
def test_un_evenement_retouche_sans_etre_rescelle_est_nomme(
    annuaire: Annuaire, journal: list[dict[str, Any]], place: int, change: dict[str, Any]
) -> None:
    retouche = copy.deepcopy(journal)
    retouche[place].update(change)
    refuse(annuaire, retouche, place + 1, "empreinte")


def test_deux_evenements_intervertis_sont_vus(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    place = next(i for i, e in enumerate(journal) if e["action"] == "rejeter")
    echanges = copy.deepcopy(journal)
    un, autre = echanges[place], echanges[place + 1]
    echanges[place : place + 2] = [{**autre, "n": un["n"]}, {**un, "n": autre["n"]}]
    refuse(annuaire, echanges, place + 1, "empreinte")


def test_le_journal_d_un_autre_exercice_est_refuse_des_le_premier_evenement(
    annuaire: Annuaire, journal: list[dict[str, Any]]
) -> None:
    with pytest.raises(JournalRefuse, match="ne vient pas de cet exercice") as refus:
        Portail.rejouer(journal, annuaire, ouverture=Ouverture(graine="lea"))
    assert refus.value.n == 1


def test_une_horloge_de_machine_dereglee_ne_fait_rien_perdre(annuaire: Annuaire) -> None:
    portail = Portail(annuaire, lambda: datetime(1970, 1, 1))
    with pytest.raises(RefusPortail, match="réglez-la"):
        deposer(portail)
    assert portail.journal == ()


def test_un_journal_ne_dure_pas_plus_de_dix_ans(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge)
    deposer(portail)
    horloge.passe(days=3661)
    with pytest.raises(RefusPortail, match="10 ans"):
        deposer(portail, numero="FA-2")


@pytest.mark.parametrize("brut", [None, [], "deposer", {}, {"n": 1}])
def test_un_evenement_sans_sa_forme_est_nomme(annuaire: Annuaire, journal: list[dict[str, Any]], brut: Any) -> None:
    refuse(annuaire, [*journal, brut], len(journal) + 1)


def test_une_cle_de_trop_est_refusee(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    refuse(annuaire, [{**journal[0], "note": "20/20"}, *journal[1:]], 1, "clé est inconnue")


def test_un_evenement_retire_ou_double_est_vu(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    refuse(annuaire, journal[:3] + journal[4:], 4)
    refuse(annuaire, [*journal, journal[-1]], len(journal) + 1)
    sans = [{**e, "n": n} for n, e in enumerate(journal[:3] + journal[4:], start=1)]
    refuse(annuaire, sans, 4, "empreinte")
    refuse(annuaire, scelle(sans), 4, "n’existe pas|aurait inscrit|n’est pas possible|n’attend pas")


def test_un_paiement_invente_est_refuse(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    paye = {**journal[-1], "n": len(journal) + 1, "role": "comptable", "structure": COMMUNE, "donnees": {}}
    refuse(
        annuaire,
        scelle([*journal, {**paye, "action": "mettre_en_paiement", "objet": "P0002"}]),
        len(journal) + 1,
        "n’est pas possible",
    )


def test_un_silence_invente_avant_terme_est_refuse(annuaire: Annuaire, portail: Portail) -> None:
    deposer(portail, "A9")
    faux = {
        **portail.journal[-1],
        "n": portail.longueur + 1,
        "action": "constater_silence",
        "quand": "2026-12-09T10:41:59",
    }
    plus_tard = {**faux, "quand": "2026-12-10T08:00:00"}
    refuse(annuaire, scelle([*portail.journal, faux]), portail.longueur + 1, "n’était pas dû")
    refuse(annuaire, scelle([*portail.journal, plus_tard]), portail.longueur + 1, "aurait inscrit")
    juste = Portail.rejouer(scelle([*portail.journal, {**faux, "quand": "2026-12-09T10:42:00"}]), annuaire)
    assert juste.piece("P0001").date_du("ABSENCE_VALIDATION_1_HORS_DELAI") == datetime(2026, 12, 9, 10, 42)


def test_un_portail_plein_refuse_et_ne_change_rien(annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch) -> None:
    plein = 400
    monkeypatch.setattr("facturier.portail.moteur.EVENEMENTS_MAX", plein)
    portail = Portail(annuaire, Horloge())
    piece = deposer(portail)
    portail.agir(Acteur("destinataire", COMMUNE), piece.id, "rejeter", motif="AUTRE")
    auteur = Acteur("fournisseur", PARTIES["A1"][0])
    while portail.longueur < plein:
        portail.enregistrer(auteur, {"cadre": "A1"})
    with pytest.raises(RefusPortail, match="plein"):
        portail.agir(auteur, piece.id, "traiter_rejet")
    assert portail.longueur == plein
    assert Portail.rejouer(portail.journal, annuaire).pieces() == portail.pieces()


CHAOS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda autre: st.lists(autre, max_size=4) | st.dictionaries(st.text(max_size=12), autre, max_size=4),
    max_leaves=12,
)
CLES = st.sampled_from(["n", "quand", "role", "structure", "par", "action", "objet", "donnees", "empreinte"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHAOS | st.lists(st.dictionaries(CLES, CHAOS, min_size=9, max_size=9), max_size=3))
def test_n_importe_quelle_donnee_est_rejouee_ou_refusee(annuaire: Annuaire, entree: Any) -> None:
    with contextlib.suppress(JournalRefuse):
        assert Portail.rejouer(entree, annuaire).longueur >= len(entree)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graine=st.integers(0, 2**32), valeur=CHAOS, nombre=st.integers(1, 3), rescelle=st.booleans())
def test_un_vrai_journal_abime_est_rejoue_ou_refuse(
    annuaire: Annuaire, journal: list[dict[str, Any]], graine: int, valeur: Any, nombre: int, rescelle: bool
) -> None:
    hasard = random.Random(graine)
    abime: list[Any] = copy.deepcopy(journal)
    for _ in range(nombre):
        place = hasard.randrange(len(abime))
        cible: Any = abime[place]
        cas = hasard.randrange(5)
        if cas == 0:
            abime[place] = valeur
        elif cas == 1 and isinstance(cible, dict):
            cible[hasard.choice(sorted(map(str, cible)) or ["n"])] = valeur
        elif cas == 2 and isinstance(cible, dict) and isinstance(cible.get("donnees"), dict):
            cle = hasard.choice([*cible["donnees"], "motif", "piece_precedente"])
            cible["donnees"][cle] = (
                valeur if hasard.random() < 0.3 else hasard.choice(["", "A15", "P0001", "1e999", "٣"])
            )
        elif cas == 3:
            del abime[place]
            if not abime:
                return
        else:
            abime.insert(place, copy.deepcopy(hasard.choice(abime)))
    if rescelle and all(isinstance(e, dict) for e in abime):
        with contextlib.suppress(ValueError, TypeError):
            abime = list(sceller(GENESE, abime))
    with contextlib.suppress(JournalRefuse):
        assert list(Portail.rejouer(abime, annuaire).journal[: len(abime)]) == abime


def test_la_moe_ne_depose_pas_sans_piece_precedente_connue(annuaire: Annuaire, journal: list[dict[str, Any]]) -> None:
    faux = copy.deepcopy(journal)
    place = next(i for i, e in enumerate(faux) if e["action"] == "deposer_suivante")
    assert faux[place]["structure"] == ARCHITECTE
    del faux[place]["donnees"]["piece_precedente"]
    refuse(annuaire, scelle(faux), place + 1, "n’existe pas")

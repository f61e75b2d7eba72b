"""Demands that come twice, together, slowly, too big or senseless; guessed codes; a clock set back."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from classe_essai import COMMUNE, Horloge, facture
from service_reel import Demandeur, depot, releve

from facturier.portail import Annuaire
from facturier.serveur import Animateurs, Animation, Classe, garde
from facturier.serveur.lancement import en_fond

COUVREUR = "99990014500015"


def ensemble(gestes: Sequence[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """All those demands at the same instant."""
    depart = threading.Barrier(len(gestes))

    def partir(geste: Callable[[], httpx.Response]) -> httpx.Response:
        depart.wait(20)
        return geste()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(partir, gestes))


@pytest.fixture
def adresse(classe: Classe) -> Iterator[str]:
    with en_fond(classe) as ouverte:
        yield ouverte


@pytest.fixture
def lea(adresse: str, classe: Classe) -> Demandeur:
    return Demandeur.rejoindre(adresse, classe.code, "Léa")


def sert_encore(lea: Demandeur) -> None:
    """The portal still does its work."""
    assert lea.deposer().status_code == 200


# --- the same demand, twice or more -------------------------------------------------------------------------


def test_une_demande_envoyee_huit_fois_ensemble_n_agit_qu_une_fois(lea: Demandeur) -> None:
    corps = depot()
    reponses = ensemble([lambda: lea.agir(corps, "cle-unique")] * 8)
    assert {r.status_code for r in reponses} == {200}
    assert len({r.text for r in reponses}) == 1
    assert [e["action"] for e in lea.journal()].count("deposer") == 1


def test_une_demande_repetee_apres_un_redemarrage_recoit_la_meme_reponse(
    ouvrir: Callable[[str], Classe], base: str
) -> None:
    premiere = ouvrir(base)
    with en_fond(premiere) as ici:
        lea = Demandeur.rejoindre(ici, premiere.code, "Léa")
        avant = lea.agir(depot(commentaire="un"), "cle-1").json()
    premiere.fermer()
    with en_fond(ouvrir(base)) as la_bas:
        lea.adresse = la_bas
        assert lea.agir(lea.demandes["cle-1"], "cle-1").json() == avant
        assert [e["action"] for e in lea.journal()].count("deposer") == 1
        autre = lea.agir(depot(commentaire="deux"), "cle-1")
        assert (autre.status_code, autre.json()["code"]) == (409, "cle-reutilisee")
        assert autre.json()["phrase"].startswith("Cette clé a déjà servi pour un autre geste")


# --- two learners on one invoice ----------------------------------------------------------------------------


def test_deux_apprenants_sur_une_facture_l_un_passe_l_autre_lit_pourquoi(
    adresse: str, classe: Classe, base: str, annuaire: Annuaire
) -> None:
    """Suspended, an invoice may be completed by who sent it or rejected by who got it: both have seen the same."""
    tous = [Demandeur.rejoindre(adresse, classe.code, prenom) for prenom in ("Ana", "Bea", "Cid", "Dan", "Eve")]
    (groupe,) = Animation(classe).repartir([[qui.nom for qui in tous]])
    attributions = classe.espace(groupe).lire(lambda portail: portail.etat.attributions)
    par_nom = {qui.nom: qui for qui in tous}
    titulaire = par_nom[attributions[("fournisseur", COUVREUR)]]
    mairie = par_nom[attributions[("destinataire", COMMUNE)]]
    champs = facture("", numero_marche="", date_facture="02/01/2026")
    for rang in range(6):
        du_titulaire = {"role": "fournisseur", "structure": COUVREUR}
        de_la_mairie = {"role": "destinataire", "structure": COMMUNE}
        fait = titulaire.agir(
            {**du_titulaire, "action": "deposer", "donnees": {**champs, "numero_facture": f"F-{rang}"}}, espace=groupe
        )
        assert fait.status_code == 200, fait.text
        sur = {"objet": fait.json()["objet"]}
        suspension = {**de_la_mairie, **sur, "action": "suspendre", "donnees": {"motif": "PORTAIL_JUSTIFICATIF"}}
        suspendue = mairie.agir(suspension, espace=groupe)
        assert suspendue.status_code == 200
        vue = {"version": suspendue.json()["version"]}
        complement = {**du_titulaire, **sur, **vue, "action": "completer", "donnees": {"commentaire": "Bon joint"}}
        rejet = {**de_la_mairie, **sur, **vue, "action": "rejeter", "donnees": {"motif": "DEST_ERR"}}
        reponses = ensemble(
            [lambda c=complement: titulaire.agir(c, espace=groupe), lambda r=rejet: mairie.agir(r, espace=groupe)]
        )
        gagne, perd = sorted(reponses, key=lambda r: r.status_code)
        assert (gagne.status_code, perd.status_code) == (200, 409), [r.text for r in reponses]
        assert perd.json()["code"] == "version-perimee"
        assert perd.json()["phrase"].startswith("Cette pièce vient de changer")
        assert perd.json()["phrase"].endswith("relisez-la, puis recommencez.")
        suite = [e["action"] for e in releve(base, annuaire)[groupe][0] if e["objet"] == sur["objet"]]
        assert suite[:2] == ["deposer", "suspendre"]
        assert len(suite) == 3


# --- slow, big, senseless -----------------------------------------------------------------------------------


def brut(adresse: str, octets: bytes) -> socket.socket:
    """A connection on which these bytes alone were sent."""
    hote, port = adresse.removeprefix("http://").split(":")
    prise = socket.create_connection((hote, int(port)), timeout=30)
    prise.sendall(octets)
    return prise


def tout(prise: socket.socket) -> str:
    """What comes until the other side closes."""
    return b"".join(iter(lambda: prise.recv(4096), b"")).decode()


def test_une_demande_qui_n_en_finit_pas_est_arretee_sans_gener_personne(
    adresse: str, lea: Demandeur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garde, "CORPS_SECONDES", 0.5)
    tete = f"POST /api/v1/espaces/{lea.solo}/actes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {lea.jeton}\r\n"
    with contextlib.ExitStack() as pile:
        lents = [
            pile.enter_context(brut(adresse, f'{tete}Content-Length: 5000\r\n\r\n{{"role": '.encode()))
            for _ in range(100)
        ]
        muets = [pile.enter_context(brut(adresse, b"POST /api/v1/rejoindre HT")) for _ in range(100)]
        sert_encore(lea)
        for lent in lents:
            recu = tout(lent)
            assert recu.startswith("HTTP/1.1 408 ")
            assert "arrive trop lentement" in recu
        assert len(muets) == 100
        sert_encore(lea)


@pytest.mark.parametrize("annonce", [True, False], ids=["taille annoncée", "par morceaux"])
def test_une_demande_trop_grosse_est_refusee_sans_gener_personne(lea: Demandeur, annonce: bool) -> None:
    def morceaux() -> Iterator[bytes]:
        yield from (b'{"role": "' + b"x" * 65536 for _ in range(64))

    contenu: Any = b"x" * 4_000_000 if annonce else morceaux()
    entetes = {"Authorization": f"Bearer {lea.jeton}"}
    with httpx.Client(trust_env=False) as client:
        try:
            reponse = client.post(f"{lea.adresse}/api/v1/espaces/{lea.solo}/actes", content=contenu, headers=entetes)
        except httpx.WriteError:  # the server had already answered and closed
            reponse = None
    if reponse is not None:
        assert reponse.status_code == 413
        assert reponse.json()["phrase"].startswith("Votre demande dépasse 256")
    sert_encore(lea)


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"{",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"\xff\xfe\x00",
        b'"\\ud800"',
        b'{"role": "fournisseur", "action": "deposer", "donnees": {"commentaire": "\\ud800"}}',
        b'{"role": "fournisseur", "action": "deposer", "donnees": {"commentaire": "\\u0000"}}',
        b'{"role": "fournisseur", "action": "deposer", "version": NaN}',
        b'{"role": "fournisseur", "action": "deposer", "version": 1' + b"0" * 5000 + b"}",
        b'{"role": "fournisseur", "action": "deposer", "version": -1}',
        b'{"role": "systeme", "action": "acheminer", "objet": "P0001"}',
        b'{"role": "fournisseur", "action": "deposer", "donnees": {"n": "", "par": "animateur", "quand": ""}}',
        b'{"role": "fournisseur", "action": "deposer", "par": "animateur"}',
        b'{"role": "fournisseur", "action": "confier", "donnees": {"role": "moe"}}',
        b'{"role": "fournisseur", "action": "deposer", "structure": "' + "٩".encode() * 14 + b'"}',
    ],
    ids=lambda corps: repr(corps[:60]),
)
def test_une_demande_insensee_est_refusee_en_une_phrase(lea: Demandeur, corps: bytes) -> None:
    entetes = {"Authorization": f"Bearer {lea.jeton}", "Content-Type": "application/json"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        reponse = client.post(f"{lea.adresse}/api/v1/espaces/{lea.solo}/actes", content=corps, headers=entetes)
    assert 400 <= reponse.status_code < 500, reponse.text
    assert reponse.json()["phrase"].endswith(".")
    assert lea.journal() == []
    sert_encore(lea)


@pytest.mark.parametrize("prenom", ["\\ud800a", "\\u0000ab", "a" * 41, "animateur", "systeme", "'; DROP", "٩٩", "  "])
def test_un_prenom_insense_est_refuse_ou_garde_sans_dommage(lea: Demandeur, classe: Classe, prenom: str) -> None:
    corps = f'{{"code": "{classe.code}", "prenom": "{prenom}"}}'.encode()
    with httpx.Client(trust_env=False) as client:
        reponse = client.post(f"{lea.adresse}/api/v1/rejoindre", content=corps)
    assert reponse.status_code in (200, 422), reponse.text
    if reponse.status_code == 422:
        assert reponse.json()["phrase"].endswith(".")
    sert_encore(lea)


def test_des_octets_qui_ne_sont_pas_du_http_ne_genent_personne(adresse: str, lea: Demandeur) -> None:
    for octets in (b"\x16\x03\x01" + b"\xff" * 300, b"\x00" * 40_000 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        with brut(adresse, octets) as prise:
            prise.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                assert prise.recv(200).startswith((b"HTTP/1.1 4", b""))
    sert_encore(lea)


@pytest.mark.parametrize(
    "tete",
    [
        b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 60_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Un: deux\r\n" * 6_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Sans-Fin: " + b"a" * 60_000,
        b"GET /" + b"a" * 60_000,
    ],
    ids=["adresse", "un entête", "mille entêtes", "un entête sans fin", "une adresse sans fin"],
)
def test_une_demande_aux_entetes_demesures_est_refusee_et_coupee(adresse: str, lea: Demandeur, tete: bytes) -> None:
    with brut(adresse, b"") as prise:
        with contextlib.suppress(ConnectionError):  # the server may close before it has been told everything
            for debut in range(0, len(tete), 4096):
                prise.sendall(tete[debut : debut + 4096])
        with contextlib.suppress(ConnectionError):
            recu = tout(prise)  # which ends: the server has hung up
            assert recu.startswith("HTTP/1.1 400 ") or not recu
    sert_encore(lea)


def test_une_connexion_gardee_sert_autant_de_demandes_qu_on_veut(lea: Demandeur) -> None:
    """The bound of the headers is that of one request, not of all those of a connection."""
    entetes = {"Authorization": f"Bearer {lea.jeton}", "X-Long": "a" * 20_000}
    with httpx.Client(base_url=lea.adresse, trust_env=False) as client:
        assert {client.get("/api/v1/moi", headers=entetes).status_code for _ in range(10)} == {200}


# --- guessed codes ------------------------------------------------------------------------------------------


def test_mille_codes_devines_sont_arretes_et_un_apprenant_rejoint_d_ailleurs(
    adresse: str, classe: Classe, horloge: Horloge
) -> None:
    def client(machine: int) -> httpx.Client:
        return httpx.Client(transport=httpx.HTTPTransport(local_address=f"127.0.0.{machine}"), base_url=adresse)

    def essayer(connexion: httpx.Client, code: str, prenom: str) -> httpx.Response:
        return connexion.post("/api/v1/rejoindre", json={"code": code, "prenom": prenom})

    with contextlib.ExitStack() as pile:
        machines = [pile.enter_context(client(rang)) for rang in range(10, 30)]
        statuts: list[int] = []
        for rang in range(1000):
            reponse = essayer(machines[rang % 20], f"ZZZ{rang:03d}", "Pirate")
            statuts.append(reponse.status_code)
        assert set(statuts) == {403, 429}
        assert statuts.count(403) <= 120
        assert reponse.json()["phrase"].startswith("Trop d’essais manqués")
        assert essayer(machines[0], classe.code, "Pirate").status_code == 429
        ailleurs = pile.enter_context(client(200))
        assert essayer(ailleurs, classe.code, "Léa").status_code == 200
        horloge.passe(seconds=61)
        assert essayer(machines[0], classe.code, "Pierre").status_code == 200


# --- a clock set back ---------------------------------------------------------------------------------------


def test_l_heure_du_portail_ne_recule_jamais(
    lea: Demandeur, classe: Classe, horloge: Horloge, base: str, annuaire: Annuaire
) -> None:
    assert lea.deposer().status_code == 200
    horloge.passe(hours=-3)
    assert lea.deposer().status_code == 200
    horloge.passe(days=-400)
    assert lea.deposer().status_code == 200
    assert lea.demander("GET", f"espaces/{lea.solo}/etat").status_code == 200
    dates = [e["quand"] for e in lea.journal()]
    assert dates == sorted(dates)
    assert dates[0] == dates[-1] == "2026-11-24T10:42:00"
    assert len(releve(base, annuaire)[lea.solo][0]) == 3
    assert all(p.arrivee <= p.vu for p in Animation(classe).presences())
    horloge.passe(days=400, hours=4)
    lea.deposer()
    assert lea.journal()[-1]["quand"] == "2026-11-24T11:42:00"


def test_une_horloge_reculee_ne_ferme_la_porte_a_personne(adresse: str, classe: Classe, horloge: Horloge) -> None:
    essai = Demandeur(adresse, "", "aucun", "")
    for _ in range(11):
        refus = essai.demander("POST", "rejoindre", {"code": "FAUX", "prenom": "Léa"})
    assert refus.status_code == 429
    horloge.passe(hours=-3)
    horloge.passe(minutes=2)
    assert essai.demander("POST", "rejoindre", {"code": classe.code, "prenom": "Léa"}).status_code == 200
    entree = Animateurs(classe.registre, classe.ecrivain, horloge)
    assert entree.identifier(entree.entrer(entree.lien())) == "formateur"

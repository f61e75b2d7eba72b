"""An integrator's client practises on the API face: it submits, is told to recycle, completes, searches, looks up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from classe_essai import COMMUNE, ELECTRICIEN, Horloge
from client_piste import FACTURES, STRUCTURES, TRANSVERSES, demander_jeton, entetes, entrer, servie, soumission

from facturier import contenu, referentiel
from facturier.serveur import Animation, Classe

Appel = Callable[..., dict[str, Any]]
MENAGE = contenu.racine() / "data" / "factures" / "menage_val_fictif"


@pytest.fixture
def client(classe: Classe) -> Iterator[httpx.Client]:
    with servie(classe) as ouvert:
        yield ouvert


@pytest.fixture
def lea(classe: Classe) -> tuple[str, str]:
    return entrer(classe, "Léa")


@pytest.fixture
def appeler(client: httpx.Client, lea: tuple[str, str]) -> Appel:
    """Calls as Léa; the answer of a call that is done, or refused with ``statut``."""
    siens = entetes(client, *lea)

    def appeler(chemin: str, corps: dict[str, Any], statut: int = 200) -> dict[str, Any]:
        reponse = client.post(chemin, json=corps, headers=siens)
        assert reponse.status_code == statut, reponse.text
        document: dict[str, Any] = reponse.json()
        assert document["codeRetour"] == (0 if statut == 200 else statut)
        assert document["libelle"].endswith((".", "!"))
        return document

    return appeler


def test_un_integrateur_soumet_recycle_complete_et_retrouve_sa_facture(classe: Classe, appeler: Appel) -> None:
    soumise = appeler(f"{FACTURES}/soumettre", soumission())
    numero = soumise["identifiantFactureCPP"]
    assert (soumise["numeroFacture"], soumise["identifiantStructure"]) == ("FA-2026-0042", ELECTRICIEN)
    assert len(soumise["empreinteCertificatDepot"]) == 64
    lue = appeler(f"{FACTURES}/consulter/fournisseur", {"identifiantFactureCPP": numero})["facture"]
    assert lue["montantTotal"] == {"montantHtTotal": 1000.0, "montantTVA": 200.0, "montantTtcTotal": 1200.0}
    assert lue["cadreDeFacturation"]["codeCadreFacturation"] == "A1_FACTURE_FOURNISSEUR"
    assert lue["destinataire"]["codeServiceExecutant"] == "ECOLE"
    assert lue["statutFacture"] == soumise["statutFacture"]

    animation, piece = Animation(classe), "P0001"
    animation.injecter("solo-lea", "destinataire", COMMUNE, "demander_recyclage", piece, motif("recyclage"))
    attendues = appeler("/piste/cpro/factures/v1/rechercher/atraiter/fournisseur", {})["listeFactures"]
    assert [(f["identifiantFactureCPP"], f["statut"]) for f in attendues] == [(numero, "A_RECYCLER")]

    corrige = {"identifiantFactureCPP": numero, "destinataire": {"codeServiceExecutant": "MAIRIE"}}
    recyclee = appeler(f"{FACTURES}/recycler", corrige)
    assert (recyclee["numeroFacture"], recyclee["identifiantFactureCPP"]) == ("FA-2026-0042", numero)
    appeler(f"{FACTURES}/recycler", corrige, 422)

    animation.injecter("solo-lea", "destinataire", COMMUNE, "suspendre", piece, motif("suspension"))
    fichier = appeler(
        f"{TRANSVERSES}/ajouter/fichier",
        {
            "pieceJointeFichier": base64.b64encode(b"%PDF-1.4 bon").decode(),
            "pieceJointeNom": "bon",
            "pieceJointeExtension": "PDF",
        },
    )
    completee = appeler(
        f"{FACTURES}/completer",
        {
            "identifiantFactureCPP": numero,
            "commentaire": "Bon joint.",
            "pieceJointeComplementaire": [{"pieceJointeComplementaireId": fichier["pieceJointeId"]}],
        },
    )
    assert completee["identifiantFactureCPP"] == numero

    trouvees = appeler(f"{FACTURES}/rechercher/fournisseur", {"numeroFacture": "0042", "montantTTCMin": 1200})
    assert [f["identifiantFactureCPP"] for f in trouvees["listeFactures"]] == [numero]
    assert trouvees["parametresRetour"] == {"nbResultatsParPage": 10, "pageCourante": 1, "pages": 1, "total": 1}
    assert appeler(f"{FACTURES}/rechercher/fournisseur", {"montantTTCMin": 1201})["listeFactures"] == []
    passages = appeler(f"{FACTURES}/consulter/historique", {"idFacture": numero})["historiquesDesStatuts"]
    codes = [p["histoStatutCode"] for p in passages["histoStatut"]]
    assert [c for c in codes if c in ("A_RECYCLER", "SUSPENDUE", "COMPLETEE")] == [
        "A_RECYCLER",
        "SUSPENDUE",
        "COMPLETEE",
    ]
    assert classe.espace("solo-lea").lire(lambda portail: portail.piece(piece).pieces_jointes[0].nom) == "bon.pdf"


def motif(effet: str) -> dict[str, str]:
    code = next(m.code for m in referentiel.motifs() if effet in m.effets)
    return {"motif": code, "commentaire": "À revoir"}


def test_chaque_geste_est_au_journal_sous_le_nom_du_participant(classe: Classe, appeler: Appel) -> None:
    appeler(f"{FACTURES}/soumettre", soumission())
    journal = classe.espace("solo-lea").lire(lambda portail: portail.journal)
    (depot,) = [e for e in journal if e["action"] == "deposer"]
    assert (depot["par"], depot["structure"], depot["donnees"]["montant_ttc"]) == ("lea", ELECTRICIEN, "1200,00")


def test_les_regles_du_portail_sont_dites_ensemble(appeler: Appel) -> None:
    refus = appeler(f"{FACTURES}/soumettre", {}, 422)
    for mot in ("cadre", "numéro", "date", "type"):
        assert mot in refus["libelle"]
    appeler(f"{FACTURES}/soumettre", soumission())
    assert "numéro" in appeler(f"{FACTURES}/soumettre", soumission(), 422)["libelle"]
    taux = [{"ligneTvaTauxManuel": 20}, {"ligneTvaTauxManuel": 10}]
    assert "un seul taux" in appeler(f"{FACTURES}/soumettre", soumission("X-1", ligneTva=taux), 422)["libelle"]
    sans_fichier = soumission("X-2", pieceJointeComplementaire=[{"pieceJointeComplementaireId": 999}])
    assert "n° 999" in appeler(f"{FACTURES}/soumettre", sans_fichier, 422)["libelle"]


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({"inconnu": 1}, "inconnu"),
        ({"dateFacture": "24/11/2026"}, "dateFacture"),
        ({"dateFacture": 1}, "dateFacture"),
        ({"montantTotal": {"montantHtTotal": "1000"}}, "montantHtTotal"),
        ({"montantTotal": {"montantHtTotal": 0.001}}, "montantHtTotal"),
        ({"montantTotal": {"montantHtTotal": 10**400}}, "montantHtTotal"),
        ({"references": {"modePaiement": "TROC"}}, "modePaiement"),
        ({"cadreDeFacturation": {"codeCadreFacturation": "A1"}}, "codeCadreFacturation"),
    ],
)
def test_un_champ_mal_ecrit_est_nomme(appeler: Appel, champs: dict[str, Any], nom: str) -> None:
    assert nom in appeler(f"{FACTURES}/soumettre", soumission(**champs), 422)["libelle"]


def test_structures_et_services_se_lisent(appeler: Appel) -> None:
    trouvees = appeler(f"{STRUCTURES}/rechercher", {"structure": {"identifiantStructure": COMMUNE}})
    (commune,) = trouvees["listeStructures"]
    assert commune["idStructureCPP"] == int(COMMUNE)
    fiche = appeler(f"{STRUCTURES}/consulter", {"idStructure": commune["idStructureCPP"]})
    assert fiche["informationGenerales"]["structurePriveePublique"] == "PUBLIQUE"
    assert fiche["parametres"]["codeServiceDoitEtreRenseigne"] in (True, False)
    services = appeler(f"{STRUCTURES}/rechercher/services", {"idStructure": int(COMMUNE)})["listeServices"]
    ecole = next(s for s in services if s["codeService"] == "ECOLE")
    lu = appeler(f"{STRUCTURES}/consulter/service", {"idStructure": int(COMMUNE), "idService": ecole["idService"]})
    assert lu["informationsGenerales"]["codeService"] == "ECOLE"
    appeler(f"{STRUCTURES}/consulter", {"idStructure": 12}, 404)
    appeler(f"{STRUCTURES}/consulter/service", {"idStructure": int(COMMUNE), "idService": 99}, 404)
    publiques = {"structure": {"typeStructure": "PUBLIQUE"}, "parametres": {"nbResultatsParPage": 2}}
    page = appeler(f"{STRUCTURES}/rechercher", publiques)
    assert len(page["listeStructures"]) == 2 < page["parametresRetour"]["total"]


def test_les_listes_fermees_sont_celles_de_la_table(appeler: Appel) -> None:
    modes = appeler(f"{TRANSVERSES}/recuperer/modereglements", {})["listeModePaiement"]
    assert {"modePaiement": "VIREMENT"} in modes
    cadres = appeler(f"{TRANSVERSES}/recuperer/cadrefacturation", {})["listeCadreFacturation"]
    assert len(cadres) == 4
    syntaxes = appeler("/piste/transverses/recuperer/syntaxeflux", {})["listeSyntaxeFlux"]
    assert syntaxes == ["IN_DP_E1_UBL_INVOICE", "IN_DP_E2_CII_FACTURX", "IN_DP_E1_CII_16B"]
    assert appeler(f"{TRANSVERSES}/recuperer/coordbanc/valides", {"idStructure": int(ELECTRICIEN)}) == {
        "codeRetour": 0,
        "libelle": "Opération effectuée.",
        "listeCoordonneeBancaire": [],
    }


# flows


def flux(chemin: Path, syntaxe: str, nom: str = "") -> dict[str, Any]:
    contenu = base64.b64encode(chemin.read_bytes()).decode()
    return {"fichierFlux": contenu, "nomFichier": nom or chemin.name, "syntaxeFlux": syntaxe, "avecSignature": False}


def test_un_flux_est_juge_a_part_integre_et_retrouve(appeler: Appel) -> None:
    depose = appeler(f"{FACTURES}/deposer/flux", flux(MENAGE.with_suffix(".ubl.xml"), "IN_DP_E1_UBL_INVOICE"))
    numero = depose["numeroFluxDepot"]
    cr = appeler(f"{TRANSVERSES}/consulterCR", {"numeroFluxDepot": numero, "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"})
    detail = appeler(f"{TRANSVERSES}/consulterCRDetaille", {"numeroFluxDepot": numero})
    assert cr["etatCourantFlux"] == "IN_INTEGRE", detail
    assert cr["codeInterfaceFlux"] == "FSO1100A"
    assert detail["listeErreurDP"] == detail["listeErreurTechnique"] == []
    (facture,) = appeler(f"{FACTURES}/rechercher/fournisseur", {"numeroFluxDepot": numero})["listeFactures"]
    assert facture["numeroFluxDepot"] == numero
    assert appeler(f"{FACTURES}/rechercher/fournisseur", {"numeroFluxDepot": "F9999"})["listeFactures"] == []


def test_un_flux_refuse_dit_pourquoi(appeler: Appel, tmp_path: Path) -> None:
    casse = tmp_path / "casse.xml"
    casse.write_text("<Invoice")
    technique = rapport(appeler, flux(casse, "IN_DP_E1_UBL_INVOICE"))
    assert technique["etatCourantDepotFlux"] == "IN_REJETE"
    assert technique["listeErreurTechnique"][0]["libelleErreur"].endswith(".")
    autre = rapport(appeler, flux(MENAGE.with_suffix(".ubl.xml"), "IN_DP_E1_CII_16B"))
    assert autre["listeErreurTechnique"][0]["codeErreur"] == "syntaxe-flux"


def rapport(appeler: Appel, demande: dict[str, Any]) -> dict[str, Any]:
    numero = appeler(f"{FACTURES}/deposer/flux", demande)["numeroFluxDepot"]
    return appeler(f"{TRANSVERSES}/consulterCRDetaille", {"numeroFluxDepot": numero})


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"fichierFlux": "pas du base64 !"}, "base64"),
        ({"fichierFlux": "    "}, "vide"),
        ({"nomFichier": "facture.pdf"}, ".xml"),
        ({"nomFichier": "../facture.xml"}, ".xml"),
        ({"syntaxeFlux": "IN_DP_E1_PES_FACTURE"}, "n’est pas jouée"),
        ({"syntaxeFlux": "IN_DP_INVENTEE"}, "syntaxeFlux"),
    ],
)
def test_un_flux_mal_presente_n_est_pas_juge(appeler: Appel, champs: dict[str, Any], mot: str) -> None:
    juste = {"fichierFlux": "PEE+", "nomFichier": "f.xml", "syntaxeFlux": "IN_DP_E1_UBL_INVOICE"}
    assert mot in appeler(f"{FACTURES}/deposer/flux", {**juste, **champs}, 422)["libelle"]


# who calls


def test_sans_jeton_et_compte_ensemble_rien_n_est_rendu(
    client: httpx.Client, classe: Classe, lea: tuple[str, str]
) -> None:
    siens, siens_de_paul = entetes(client, *lea), entetes(client, *entrer(classe, "Paul"))
    melanges = [
        {},
        {"Authorization": siens["Authorization"]},
        {"cpro-account": siens["cpro-account"]},
        {**siens, "Authorization": "Bearer faux"},
        {**siens, "Authorization": siens["Authorization"][:-1] + "g"},
        {**siens, "Authorization": f"Bearer {lea[1]}"},
        {**siens, "cpro-account": siens_de_paul["cpro-account"]},
        {**siens, "cpro-account": "%%%"},
        {**siens, "cpro-account": base64.b64encode(b"solo-paul:" + lea[1].encode()).decode()},
        {**siens, "cpro-account": base64.b64encode(b"lea:\xff").decode()},
    ]
    chemins = client.get("/piste/openapi.json").json()["paths"]
    assert len(chemins) >= 24
    for chemin, methodes in chemins.items():
        for methode in methodes if not chemin.endswith("/token") else ():
            for refuses in melanges if chemin.endswith("/soumettre") else melanges[:4]:
                reponse = client.request(methode, "/piste" + chemin, json={}, headers=refuses)
                assert (reponse.status_code, reponse.json()["codeRetour"]) == (401, 401), (chemin, refuses)
                assert reponse.headers["www-authenticate"] == "Bearer"
    assert client.get("/piste/cpro/transverses/v1/health-check", headers=siens).json()["statusCodeValue"] == 200


def test_un_jeton_finit_et_une_reinitialisation_le_ferme(
    client: httpx.Client, classe: Classe, lea: tuple[str, str], horloge: Horloge
) -> None:
    def sante(siens: dict[str, str]) -> int:
        return client.get("/piste/cpro/transverses/v1/health-check", headers=siens).status_code

    premiers = entetes(client, *lea)
    horloge.passe(minutes=59)
    assert sante(premiers) == 200
    horloge.passe(minutes=2)
    assert sante(premiers) == 401
    seconds = entetes(client, *lea)
    Animation(classe).reinitialiser("lea")
    assert sante(seconds) == 401


def test_un_jeton_refuse_suit_la_rfc(client: httpx.Client, classe: Classe, lea: tuple[str, str]) -> None:
    faux = demander_jeton(client, lea[0], "faux")
    assert (faux.status_code, faux.json()["error"]) == (401, "invalid_client")
    assert demander_jeton(client, "paul", lea[1]).status_code == 401
    autre = demander_jeton(client, *lea, grant_type="password")
    assert (autre.status_code, autre.json()["error"]) == (400, "unsupported_grant_type")
    assert demander_jeton(client, *lea).headers["cache-control"] == "no-store"


def test_dans_un_groupe_chacun_n_a_que_son_role(client: httpx.Client, classe: Classe, lea: tuple[str, str]) -> None:
    paul = entrer(classe, "Paul")
    (espace,) = Animation(classe).repartir([["lea", "paul"]])
    titulaire = int(classe.montage.marche.titulaire)
    siens, siens_de_paul = entetes(client, *lea, espace), entetes(client, *paul, espace)
    corps = soumission(fournisseur={"idFournisseur": titulaire, "codeCoordonneesBancairesFournisseur": IBAN_TITULAIRE})
    refuse = client.post(f"{FACTURES}/soumettre", json=corps, headers=siens_de_paul)
    assert refuse.status_code == 403
    assert "lea" in refuse.json()["libelle"]
    sans_fournisseur = soumission(fournisseur={"codeCoordonneesBancairesFournisseur": IBAN_TITULAIRE})
    soumise = client.post(f"{FACTURES}/soumettre", json=sans_fournisseur, headers=siens).json()
    assert int(soumise["identifiantStructure"]) == titulaire
    demande = {"identifiantFactureCPP": soumise["identifiantFactureCPP"]}
    assert client.post(f"{FACTURES}/consulter/fournisseur", json=demande, headers=siens).status_code == 200
    for vue in ("fournisseur", "recipiendaire", "valideur"):
        lue = client.post(f"{FACTURES}/consulter/{vue}", json=demande, headers=siens_de_paul)
        assert (lue.status_code, lue.json()["codeRetour"]) == (404, 404)
        liste = client.post(f"{FACTURES}/rechercher/{vue}", json={}, headers=siens_de_paul)
        assert liste.json()["listeFactures"] == []


IBAN_TITULAIRE = "FR76 3000 1007 9412 3456 7890 185"


def test_les_refus_hors_des_operations_gardent_leur_forme(client: httpx.Client, appeler: Appel) -> None:
    assert client.get("/piste/rien").json()["codeRetour"] == 404
    assert client.get(f"{FACTURES}/soumettre").json()["codeRetour"] == 405
    assert client.get("/piste/docs").status_code == 404


def test_une_panne_ne_montre_rien_d_elle(
    client: httpx.Client, classe: Classe, lea: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def casser(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    siens = entetes(client, *lea)
    monkeypatch.setattr(classe, "faire", casser)
    reponse = client.post(f"{FACTURES}/soumettre", json=soumission(), headers=siens)
    assert (reponse.status_code, reponse.json()["codeRetour"]) == (500, 500)
    assert "secret" not in reponse.text


def test_l_exemple_de_la_documentation_marche(client: httpx.Client, lea: tuple[str, str], appeler: Appel) -> None:
    appeler(f"{FACTURES}/soumettre", soumission())
    page = (contenu.racine() / "docs" / "api-piste.md").read_text(encoding="utf-8")
    exemple = page.split("```python\n")[1].split("```")[0]
    noms: dict[str, Any] = {"adresse": str(client.base_url).rstrip("/"), "nom": lea[0], "secret": lea[1]}
    exec(exemple, noms)  # our own page
    assert noms["commune"]["identifiantStructure"] == COMMUNE
    assert "ECOLE" in {s["codeService"] for s in noms["services"]["listeServices"]}
    assert [f["numeroFacture"] for f in noms["factures"]["listeFactures"]] == ["FA-2026-0042"]
    noms["piste"].close()

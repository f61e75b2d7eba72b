"""Who may act: alone, with an account, in a class; and roles that a simulated partner holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from joueurs import ARCHITECTE, COMMUNE, COUVREUR, ELECTRICIEN, NETTOYAGE, Horloge, deposer, facture, piece_travaux

from facturier import referentiel
from facturier.erreurs import ErreurFacturier
from facturier.portail import ROLES, Acteur, Annuaire, Compte, Ouverture, Portail, RefusPortail, droits
from facturier.portail.etat import octets

ANIMATEUR = Acteur("animateur", "", "animateur")
CLASSE = Ouverture(classe=True)
PAYEUR = {"role": "destinataire", "structure": COMMUNE}


def refuse(
    portail: Portail, acteur: Acteur, phrase: str, action: str = "deposer", objet: str = "", **donnees: str
) -> None:
    avant = octets(portail.etat), portail.journal
    with pytest.raises(RefusPortail, match=phrase) as refus:
        portail.faire(acteur, action, objet, **donnees)
    assert refus.value.code in ("droits", "refus-portail")
    assert (octets(portail.etat), portail.journal) == avant


def avec_compte(annuaire: Annuaire, compte: Compte) -> Portail:
    portail = Portail(annuaire, Horloge(), Ouverture(comptes=True))
    portail._etat = replace(portail.etat, comptes={compte.id: compte})
    return portail


COMPTE = Compte(
    "C0001",
    "lea@exemple.fr",
    "Léa",
    actif=True,
    rattachements={ELECTRICIEN: "gestionnaire"},
    habilitations={ELECTRICIEN: frozenset({"factures_emises"})},
)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"actif": False}, "n’est pas activé"),
        ({"rattachements": {}}, "n’est pas rattaché"),
        ({"habilitations": {}}, "n’est pas habilité à l’espace «.Factures émises.»"),
        ({"habilitations": {ELECTRICIEN: frozenset({"organisation"})}}, "n’est pas habilité"),
        ({"id": "C0002"}, "n’existe pas"),
    ],
)
def test_un_compte_sans_droit_ne_depose_pas(annuaire: Annuaire, change: Mapping[str, object], phrase: str) -> None:
    portail = avec_compte(annuaire, replace(COMPTE, **change))  # type: ignore[arg-type]
    refuse(
        portail,
        Acteur("fournisseur", ELECTRICIEN, "C0001"),
        phrase.replace("« ", "«.").replace(" »", ".»"),
        **facture(),
    )


def test_un_compte_habilite_depose_et_son_nom_est_inscrit(annuaire: Annuaire) -> None:
    portail = avec_compte(annuaire, COMPTE)
    numero = portail.faire(Acteur("fournisseur", ELECTRICIEN, "C0001"), "deposer", **facture())
    assert portail.journal[0]["par"] == "C0001"
    refuse(portail, Acteur("fournisseur", ELECTRICIEN), "demande un compte", **facture(numero="FA-2"))
    assert portail.gestes(Acteur("destinataire", COMMUNE, "C0001"), numero) == ()
    refuse(portail, Acteur("destinataire", COMMUNE, "C0001"), "n’est pas rattaché", "mandater", numero)


def test_les_pieces_de_travaux_ont_leur_espace(annuaire: Annuaire) -> None:
    compte = replace(
        COMPTE, rattachements={COUVREUR: "utilisateur"}, habilitations={COUVREUR: frozenset({"factures_emises"})}
    )
    portail = avec_compte(annuaire, compte)
    demande = piece_travaux("A4", ARCHITECTE, "SIT-01")
    refuse(portail, Acteur("fournisseur", COUVREUR, "C0001"), "Factures de travaux", **demande)
    ouvert = replace(compte, habilitations={COUVREUR: frozenset({"factures_travaux"})})
    assert (
        avec_compte(annuaire, ouvert).faire(Acteur("fournisseur", COUVREUR, "C0001"), "deposer", **demande) == "P0001"
    )


@pytest.mark.parametrize(
    ("role", "cadre", "attendu"),
    [
        ("fournisseur", "A1", "factures_emises"),
        ("fournisseur", "A4", "factures_travaux"),
        ("valideur_1", "A9", "factures_emises"),
        ("moa", "A19", "factures_travaux"),
        ("destinataire", "A19", "factures_recues"),
        ("comptable", "A1", "factures_recues"),
        ("animateur", "A1", ""),
    ],
)
def test_chaque_geste_appartient_a_un_espace_de_la_table(role: str, cadre: str, attendu: str) -> None:
    assert droits.espace(role, cadre) == attendu
    assert {r for e in referentiel.espaces() for r in e.roles} == set(ROLES) - {"systeme", "animateur"}


def test_seul_sur_son_portail_nul_n_est_participant_ni_animateur(portail: Portail) -> None:
    for par, phrase in (("lea", "n’est pas connu"), ("animateur", "pas d’animateur"), ("simule", "simulé")):
        refuse(portail, Acteur("fournisseur", ELECTRICIEN, par), phrase, **facture())


def test_en_classe_un_role_confie_n_est_plus_a_un_autre(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, CLASSE)
    numero = portail.faire(Acteur("fournisseur", ELECTRICIEN, "lea"), "deposer", **facture())
    zoe, lea = (Acteur("destinataire", COMMUNE, par) for par in ("zoe", "lea"))
    assert portail.gestes(zoe, numero)
    portail.faire(ANIMATEUR, "confier", **PAYEUR, a="lea")
    assert portail.gestes(zoe, numero) == ()
    refuse(portail, zoe, "tenu par", "mandater", numero)
    refuse(portail, Acteur("destinataire", COMMUNE), "Dites qui agit", "mandater", numero)
    portail.faire(lea, "mandater", numero)
    portail.faire(ANIMATEUR, "confier", **PAYEUR)
    portail.faire(zoe, "transmettre_comptable", numero)
    rejoue = Portail.rejouer(portail.journal, annuaire, ouverture=CLASSE)
    assert octets(rejoue.etat) == octets(portail.etat)


def test_l_animateur_peut_tout_et_c_est_inscrit(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, CLASSE)
    numero = portail.faire(Acteur("fournisseur", ELECTRICIEN, "lea"), "deposer", **facture())
    portail.faire(ANIMATEUR, "confier", **PAYEUR, a="simule:silencieux")
    refuse(portail, Acteur("destinataire", COMMUNE, "lea"), "partenaire simulé", "mandater", numero)
    portail.faire(Acteur("destinataire", COMMUNE, "animateur"), "rejeter", numero, motif="AUTRE")
    assert (portail.journal[-1]["role"], portail.journal[-1]["par"]) == ("destinataire", "animateur")


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"role": "systeme"}, "rôle de la liste"),
        ({"role": "animateur"}, "rôle de la liste"),
        ({"structure": "1"}, "Aucune structure"),
        ({"a": "simule:bavard"}, "Confiez ce rôle"),
        ({"a": "animateur"}, "Confiez ce rôle"),
        ({"a": "C0001"}, "Confiez ce rôle"),
        ({"a": "Léa"}, "Confiez ce rôle"),
    ],
)
def test_un_role_mal_confie_est_refuse(
    annuaire: Annuaire, horloge: Horloge, champs: dict[str, str], phrase: str
) -> None:
    portail = Portail(annuaire, horloge, CLASSE)
    refuse(portail, ANIMATEUR, phrase, "confier", **{**PAYEUR, "a": "lea", **champs})


def test_un_eleve_ne_confie_pas_de_role(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, CLASSE)
    refuse(portail, Acteur("fournisseur", NETTOYAGE, "lea"), "seul répartit", "confier", **PAYEUR, a="lea")


def test_un_partenaire_simule_des_l_ouverture_ne_se_joue_pas_a_la_main(annuaire: Annuaire, horloge: Horloge) -> None:
    portail = Portail(annuaire, horloge, Ouverture(partenaires={f"destinataire:{COMMUNE}": "silencieux"}))
    numero = deposer(portail).id
    refuse(portail, Acteur("destinataire", COMMUNE), "partenaire simulé", "mandater", numero)


def test_un_caractere_inconnu_est_dit_a_l_ouverture(annuaire: Annuaire, horloge: Horloge) -> None:
    with pytest.raises(ErreurFacturier, match="bavard"):
        Portail(annuaire, horloge, Ouverture(partenaires={f"moe:{ARCHITECTE}": "bavard"}))


@pytest.mark.parametrize(
    "brut",
    [
        None,
        [],
        {"graine": 3},
        {"comptes": "oui"},
        {"horloge": "folle"},
        {"depart": "hier"},
        {"depart": "1970-01-01T00:00:00"},
        {"partenaires": {"moe": "prompt"}},
        {"partenaires": {f"systeme:{COMMUNE}": "prompt"}},
        {"partenaires": {f"moe:{COMMUNE}": 3}},
        {"couleur": "bleu"},
    ],
)
def test_une_ouverture_mal_ecrite_est_refusee(brut: object) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        Ouverture.depuis_json(brut)
    assert refus.value.code == "ouverture-invalide"


def test_une_ouverture_se_relit_a_l_identique() -> None:
    ouverture = Ouverture("g", "s", True, True, "animateur", "2026-11-02T09:00:00", {f"moe:{ARCHITECTE}": "prompt"})
    assert Ouverture.depuis_json(ouverture.en_json()) == ouverture
    assert Ouverture.depuis_json(ouverture.en_json()).genese() == ouverture.genese() != Ouverture().genese()

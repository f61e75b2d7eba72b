"""An invoice as a page: everything it says is shown, everything that is wrong is said where it is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from facturier.efacture import Constat, Resultat, chemins, fiches, lecture, page_arbre, page_constats, page_valeurs
from facturier.efacture.bibliotheque import Exemple
from facturier.efacture.page import Champ, Page, composer, lire_page
from facturier.erreurs import ErreurFacturier

FACTURES = Path(__file__).parents[2] / "data" / "factures"
DITS_AUTREMENT = {"schemeID", "currencyID", "format"}
"""Attributes told by the value itself (scheme of an identifier, currency) or that only serve to read it (dates)."""


def page(verdicts: dict[str, Resultat], nom: str) -> Page:
    return composer(FACTURES / nom, verdicts[nom])


def champ(lue: Page, terme: str) -> Champ:
    trouve = lue.premier(terme)
    assert trouve is not None, terme
    return trouve


def ou_est(lue: Page, regle: str) -> list[str]:
    """Terms of the fields, or titles of the rubriques, that a rule is pinned to."""
    des_champs = [c.terme or c.nom for c in lue.tous_les_champs() if any(x.regle == regle for x in c.constats)]
    des_rubriques = [
        r.titre
        for rubrique in lue.rubriques
        for r in (rubrique, *rubrique.rubriques)
        if any(x.regle == regle for x in r.constats)
    ]
    return des_champs + des_rubriques


def arbre(xml: str, syntaxe: str = "ubl") -> page_arbre.ArbreLu:
    return page_arbre.disposer(lecture.lire_xml(xml.encode()).racine, "ubl" if syntaxe == "ubl" else "cii")


def test_chaque_remarque_de_chaque_exemple_est_dite_exactement_une_fois(verdicts: dict[str, Resultat]) -> None:
    assert sum(len(resultat.constats) for resultat in verdicts.values()) > 200
    for nom, resultat in verdicts.items():
        dits = sorted(page(verdicts, nom).tous_les_constats(), key=repr)
        assert dits == sorted(resultat.constats, key=repr), nom


def test_ce_qui_touche_la_facture_est_epingle_dans_la_page_et_le_reste_au_fichier(
    verdicts: dict[str, Resultat],
) -> None:
    libres = {constat.regle for nom in verdicts if (lue := page(verdicts, nom)).rubriques for constat in lue.non_places}
    # an element that is missing below the root, or there twice, has no field
    assert {regle for regle in libres if not regle.startswith(("PDF-", "XSD-SUITE", "CII-SR-"))} == {"XSD-ELEMENT"}
    lue = page(verdicts, "faux_total_ttc.ubl.xml")
    assert [len(lue.rubriques) > 8, lue.non_places] == [True, ()]


@pytest.mark.parametrize("format_", ["ubl.xml", "cii.xml"])
@pytest.mark.parametrize(
    ("scenario", "regle", "attendu"),
    [
        ("faux_total_ttc", "BR-CO-15", ["BT-112"]),
        ("numero_absent", "BR-02", ["BT-1"]),
        ("tva_mal_calculee", "BR-CO-17", ["BT-117"]),
        ("acheteur_sans_siret", "BR-FR-CPRO-10", ["Acheteur"]),
        ("acheteur_sans_nom", "XML-VIDE", ["BT-44"]),
    ],
)
def test_la_remarque_est_sous_le_champ_qu_elle_vise_ou_sous_la_rubrique_ou_il_manque(
    verdicts: dict[str, Resultat], scenario: str, regle: str, attendu: list[str], format_: str
) -> None:
    assert ou_est(page(verdicts, f"{scenario}.{format_}"), regle) == attendu


def test_un_terme_absent_est_dit_dans_la_rubrique_ou_il_devrait_etre(ubl: str) -> None:
    lu = arbre(re.sub(r"<cac:OrderReference>.*?</cac:OrderReference>", "", ubl, flags=re.DOTALL))
    racine = "/Invoice[1]"
    manque = Constat("BR-X", "erreur", "Il manque.", terme="BT-13", xpath=racine)
    inconnu = Constat("BR-Y", "erreur", "Du fichier entier.", xpath=racine)
    assert page_constats.epingler(lu, [manque, inconnu]) == (inconnu,)
    assert lu.rubriques["Références"].constats == [manque]


def test_un_chemin_du_schema_sans_nom_ni_rang_est_suivi(ubl: str) -> None:
    lu = arbre(ubl)
    noms = [etree.QName(e).localname for e in lu.racine]
    rang = noms.index("LegalMonetaryTotal") + 1
    total = Constat("XSD-A", "erreur", "a", xpath=f"/*/*[{rang}]/cbc:PayableAmount")
    hors = Constat("XSD-B", "erreur", "b", xpath="/*/*[9999]")
    assert page_constats.epingler(lu, [total, hors]) == (hors,)
    assert lu.par_chemin["/Invoice[1]/LegalMonetaryTotal[1]/PayableAmount[1]"][0].constats == [total]


def feuilles(racine: etree._Element) -> list[tuple[str, etree._Element]]:
    """Elements with a text and no child, with their path as the page writes it."""
    trouvees = []
    for element in racine.iter(etree.Element):
        if len(element) or not (element.text or "").strip():
            continue
        pas = []
        for noeud in (element, *element.iterancestors()):
            memes = [f for f in noeud.itersiblings(preceding=True) if f.tag == noeud.tag]
            pas.append(f"{etree.QName(noeud).localname}[{len(memes) + 1}]")
        trouvees.append(("/" + "/".join(reversed(pas)), element))
    return trouvees


def test_tout_ce_que_dit_une_facture_juste_est_montre_ou_ecarte_avec_sa_raison(
    verdicts: dict[str, Resultat], exemples: dict[str, Exemple]
) -> None:
    assert all(ligne["raison"] and ligne["valeurs"] for ligne in fiches.table("non_montres"))
    justes = [e.fichier for e in exemples.values() if e.rayon == "juste"]
    for nom in justes:
        lu = page_arbre.ouvrir(FACTURES / nom)
        montres = {c.xpath: c for c in page(verdicts, nom).tous_les_champs()}
        for chemin, element in feuilles(lu.racine):
            if chemin not in montres:
                parent, fin = re.sub(r"\[\d+\]", "", chemin).split("/")[-2:]
                ecartees = fiches.non_montres().get(f"{parent}/{fin}") or fiches.non_montres()[fin]
                assert element.text in ecartees, (nom, chemin)
                continue
            for attribut in element.attrib:
                assert str(attribut) in DITS_AUTREMENT or f"{chemin}/@{attribut}" in montres, (nom, chemin, attribut)
        sans_terme = {c.nom for c in montres.values() if c.terme is None}
        assert sans_terme <= {"version d’UBL", "livraison", "code service (format historique)"}, nom


def test_ce_qui_n_est_pas_de_la_tva_reste_montre(ubl: str) -> None:
    lu = arbre(ubl.replace("<cbc:ID>VAT</cbc:ID>", "<cbc:ID>GST</cbc:ID>", 1))
    valeurs = [(c.champ.terme, c.champ.valeur) for c in lu.rubriques["Vendeur"].champs]
    assert (None, "GST") in valeurs
    assert [terme for terme, _ in valeurs if terme in ("BT-31", "BT-32")] == ["BT-32"]


def test_les_valeurs_sont_ecrites_a_la_francaise(verdicts: dict[str, Resultat]) -> None:
    for syntaxe in ("ubl", "cii"):
        lue = page(verdicts, f"menage_avec_piece.{syntaxe}.xml")
        vues = {terme: champ(lue, terme).valeur for terme in ("BT-2", "BT-3", "BT-23", "BT-29", "BT-112", "BT-119")}
        assert vues == {
            "BT-2": "30/11/2026",
            "BT-3": "380 – Facture commerciale",
            "BT-23": "S1 – Facture de prestation de services",
            "BT-29": "99990013700012 (SIRET)",
            "BT-112": "3\u202f541,44\u00a0€",
            "BT-119": "20\u00a0%",
        }
        assert champ(lue, "BT-81").valeur == "30 – Virement"
        assert champ(lue, "BT-118").valeur == "S – opérations taxées"
        assert champ(lue, "BT-125").valeur == "fichier de 63\u00a0octets"
        assert champ(lue, "BT-125").brut.startswith("sha256:")
        assert [r.titre for r in lue.rubriques][:3] == ["En-tête", "Vendeur", "Acheteur"]
        tva = lue.rubrique("TVA")
        assert tva is not None
        assert [r.titre for r in tva.rubriques] == ["TVA à 20\u00a0% (S)"]


@pytest.mark.parametrize(
    ("texte", "devise", "attendu"),
    [
        ("1234.5", "EUR", "1\u202f234,50\u00a0€"),
        ("0.12345", "EUR", "0,12345\u00a0€"),
        ("-12.00", "USD", "-12,00\u00a0USD"),
        ("1E+100", "EUR", "1E+100"),
        ("2400,00", "EUR", "2400,00"),
    ],
)
def test_un_montant_est_dit_sans_rien_perdre_et_un_texte_qui_n_en_est_pas_un_reste_tel_quel(
    texte: str, devise: str, attendu: str
) -> None:
    element = etree.Element("PriceAmount", currencyID=devise)
    assert page_valeurs.lire("BT-146", texte, element, "", "EUR").valeur == attendu


def test_un_jour_impossible_reste_tel_qu_il_est_ecrit() -> None:
    assert page_valeurs.lire("BT-2", "2026-02-30", etree.Element("IssueDate"), "", "EUR").valeur == "2026-02-30"


def test_remises_et_frais_ont_leur_nom_dans_les_deux_syntaxes(verdicts: dict[str, Resultat]) -> None:
    for syntaxe in ("ubl", "cii"):
        rubrique = page(verdicts, f"remises_et_frais.{syntaxe}.xml").rubrique("Remises et frais")
        assert rubrique is not None
        assert [(r.titre, r.champs[0].terme, r.champs[0].valeur) for r in rubrique.rubriques] == [
            ("Remise 1", "BT-92", "120,00\u00a0€"),
            ("Frais 1", "BT-99", "85,50\u00a0€"),
        ]


def test_chaque_terme_des_conditions_et_des_chemins_existe_et_a_sa_rubrique() -> None:
    for conditions in fiches.conditions().values():
        assert all(fiches.terme(condition.terme) for condition in conditions)
    titres = {titre for titre, _ in fiches.rubriques().values()}
    assert titres <= {*page_arbre.TITRES, ""}
    assert {chemins.rubrique_du_terme(f"BT-{n}") for n in (92, 99, 112, 126, 146)} == {
        "Remises et frais",
        "Totaux",
        "Lignes",
    }
    assert [chemins.rubrique_du_terme(t) for t in ("BT-13", "BG-25", "BT-125-2", "BT-X-999", "?")] == [
        "Références",
        "Lignes",
        "Pièces jointes",
        "",
        "",
    ]


@pytest.mark.parametrize("nom", ["avec_doctype.ubl.xml", "bombe_d_entites.ubl.xml", "absent.xml"])
def test_un_fichier_qui_n_est_pas_lu_donne_une_page_sans_rubrique_et_dit_pourquoi(nom: str) -> None:
    lue = lire_page(FACTURES / nom)
    assert (lue.rubriques, lue.resultat.verdict, lue.resultat.sortie) == ((), "illisible", 2)
    assert [c.regle[:4] for c in lue.non_places] == ["SEC-"]


def test_un_fichier_que_le_moteur_n_a_pas_juge_n_est_pas_relu(verdicts: dict[str, Resultat]) -> None:
    nom = "faux_total_ttc.ubl.xml"
    panne = replace(verdicts[nom], verdict="erreur_moteur", constats=(Constat("MOTEUR", "erreur", "Panne."),))
    lue = composer(FACTURES / nom, panne)
    assert (lue.rubriques, lue.non_places, lue.resultat.sortie) == ((), panne.constats, 3)


def test_le_siret_du_format_historique_est_nomme(verdicts: dict[str, Resultat]) -> None:
    lue = page(verdicts, "historique_menage.cii.xml")
    assert champ(lue, "BT-30").valeur.endswith(" (SIRET, format historique)")
    assert champ(lue, "BT-23").valeur == "A1 – Facture déposée par un fournisseur"
    assert ou_est(lue, "CPRO-HISTORIQUE") == ["BT-23"]


def test_la_page_d_un_pdf_est_celle_du_xml_qu_il_porte(verdicts: dict[str, Resultat]) -> None:
    du_pdf = page(verdicts, "menage_avec_piece.facturx.pdf")
    du_xml = page(verdicts, "menage_avec_piece.cii.xml")
    assert [(c.terme, c.valeur) for c in du_pdf.tous_les_champs() if c.terme != "BT-24"] == [
        (c.terme, c.valeur) for c in du_xml.tous_les_champs() if c.terme != "BT-24"
    ]


def test_un_jeu_de_regles_inconnu_est_refuse() -> None:
    with pytest.raises(ErreurFacturier, match="inconnu"):
        lire_page(FACTURES / "faux_total_ttc.ubl.xml", "nimporte")

"""The item bank and the barème: what is refused, and what a learner may see of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from facturier import contenu
from facturier.erreurs import ErreurFacturier
from facturier.evaluation.banque import id_choix, lire_quiz
from facturier.evaluation.bareme import Bareme, baremes, lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.verdicts import Jugement

CARTE = """
ordre = 1
titre = "Essai"
duree = 5
moment = "essai"
programme = []
objectifs = [{ ref = "O1", texte = "connaître" }]
"""
ITEM = """
[[item]]
id = "q1"
objectif = "O1"
niveau = 1
genre = "unique"
question = "Vrai ou faux ?"
source = "essai"
fiabilite = "établi"
[[item.choix]]
texte = "Faux"
juste = true
retour = "RETOUR-A"
[[item.choix]]
texte = "Vrai"
juste = false
retour = "RETOUR-B"
"""
CORRIGE = """
[[exercice]]
id = "quiz"
genre = "quiz"
titre = "Quiz"
"""
VALEUR = """
[[exercice]]
id = "total"
genre = "valeur"
titre = "Total"
objectif = "O1"
attendu = "12,50"
reussi = "oui"
manque = "non"
"""
DEPOT = """
[[exercice]]
id = "depot"
genre = "depot"
titre = "Dépôt"
objectif = "O1"
fournisseur_siret = "99990013700012"
[[exercice.critere]]
id = "cadre"
libelle = "Cadre"
points = 1
champ = "cadre"
regle = "egal"
attendu = "A1"
reussi = "oui"
manque = "non"
"""


def _chapitre(tmp_path: Path, quiz: str = ITEM, corrige: str = CORRIGE) -> contenu.Chapitre:
    dossier = tmp_path / "essai"
    dossier.mkdir()
    (dossier / "chapitre.toml").write_text(CARTE, encoding="utf-8")
    if quiz:
        (dossier / "quiz.toml").write_text(quiz, encoding="utf-8")
    (dossier / "corrige.toml").write_text(corrige, encoding="utf-8")
    return contenu.chapitres(tmp_path)[0]


def _bareme(tmp_path: Path, quiz: str = ITEM, corrige: str = CORRIGE) -> Bareme:
    return lire_bareme(_chapitre(tmp_path, quiz, corrige))


@pytest.mark.parametrize(
    ("avant", "apres", "phrase"),
    [
        ('question = "Vrai ou faux ?"\n', "", "« question » manque"),
        ("juste = true", "juste = false", "une seule réponse juste"),
        ("juste = false", "juste = true", "une seule réponse juste"),
        ('genre = "unique"', 'genre = "ouverte"', "valeurs admises"),
        ('objectif = "O1"', 'objectif = "O7"', "objectif inconnu « O7 »"),
        ("niveau = 1", "niveau = 4", "1, 2 ou 3"),
        ("niveau = 1", "niveau = true", "1, 2 ou 3"),
        ('fiabilite = "établi"', 'fiabilite = "partiel"', "un fait incertain ne se note pas"),
        ('fiabilite = "établi"', 'fiabilite = "à vérifier"', "un fait incertain ne se note pas"),
        ('source = "essai"', 'source = "essai"\nnivau = 2', "champ inconnu « nivau »"),
        ('texte = "Vrai"', 'texte = "Faux"', "écrit deux fois"),
        ('id = "q1"', 'id = "Q 1"', "n’est pas admis"),
        ('retour = "RETOUR-B"', "", "« retour » manque"),
        ("juste = true", 'juste = "oui"', "true ou false"),
    ],
)
def test_un_item_mal_ecrit_est_refuse_par_une_phrase_qui_le_nomme(
    tmp_path: Path, avant: str, apres: str, phrase: str
) -> None:
    assert avant in ITEM
    with pytest.raises(ErreurFacturier) as refus:
        _bareme(tmp_path, ITEM.replace(avant, apres, 1))
    assert "essai/quiz.toml, item" in refus.value.phrase
    assert phrase in refus.value.phrase


def test_un_identifiant_pris_deux_fois_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="item « q1 » : cet identifiant est déjà pris"):
        _bareme(tmp_path, ITEM + ITEM)
    with pytest.raises(ErreurFacturier, match="exercice « total » : cet identifiant est déjà pris"):
        lire_bareme(_autre(tmp_path, VALEUR + VALEUR))


def _autre(tmp_path: Path, corrige: str) -> contenu.Chapitre:
    dossier = tmp_path / "autre"
    dossier.mkdir()
    return _chapitre(dossier, "", corrige)


def test_un_nombre_attendu_secrit_entre_guillemets(tmp_path: Path) -> None:
    quiz = ITEM.split("[[item.choix]]")[0].replace('"unique"', '"nombre"')
    quiz += 'attendu = 30\nretour_juste = "oui"\nretour_faux = "non"\n'
    with pytest.raises(ErreurFacturier, match="entre guillemets"):
        _bareme(tmp_path, quiz)


def test_un_critere_du_portail_est_nomme_et_n_attend_rien(tmp_path: Path) -> None:
    corrige = (
        DEPOT.replace('"egal"', '"portail"')
        .replace('attendu = "A1"\n', "")
        .replace('champ = "cadre"', 'champ = "paiement_obtenu"')
    )
    (critere,) = lire_bareme(_chapitre(tmp_path, "", corrige)).exercices[0].criteres
    assert (critere.regle, critere.champ, critere.attendu) == ("portail", "paiement_obtenu", ())


@pytest.mark.parametrize(
    ("corrige", "phrase"),
    [
        (VALEUR.replace('attendu = "12,50"\n', ""), "« attendu » manque"),
        (VALEUR.replace('"valeur"', '"devinette"'), "valeurs admises"),
        (VALEUR + "points = 0\n", "doit être positif"),
        (VALEUR + 'points = "1.005"\n', "deux décimales"),
        (VALEUR + 'tolerance = "beaucoup"\n', "n’est pas un nombre"),
        (VALEUR + "facultatif = 1\n", "true ou false"),
        (VALEUR + "facultatif = true\n", "au moins un exercice"),
        (VALEUR + 'indice = "12"\n', "champ inconnu « indice »"),
        (DEPOT.replace("[[exercice.critere]]", "[[exercice.autre]]"), "champ inconnu « autre »"),
        (DEPOT.replace('regle = "egal"', 'regle = "ressemble"'), "valeurs admises"),
        (DEPOT.replace('regle = "egal"', 'regle = "portail"'), "valeurs admises"),
        (DEPOT.replace("points = 1\n", ""), "« points » manque"),
        (DEPOT.replace('objectif = "O1"\n', 'objectif = "O1"\npoints = 5\n'), "totalisent 1"),
        ("rien = 1", "champ inconnu"),
        ("", "aucune entrée"),
        ("[[exercice", "n’est pas un fichier TOML lisible"),
    ],
)
def test_un_bareme_mal_ecrit_est_refuse_par_une_phrase_qui_nomme_le_fichier(
    tmp_path: Path, corrige: str, phrase: str
) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        _bareme(tmp_path, "", corrige)
    assert "corrige.toml" in refus.value.phrase
    assert phrase in refus.value.phrase


def test_un_exercice_facultatif_laisse_vide_ne_retire_aucun_point(tmp_path: Path) -> None:
    bareme = _bareme(tmp_path, "", VALEUR + VALEUR.replace('"total"', '"plus"') + "facultatif = true\n")
    fait, plus = bareme.exercices
    un = Jugement(fait.id, Decimal(1), Decimal(1), "fait")
    vide = Jugement(plus.id, None, Decimal(1), "non_repondu")
    assert bareme.sur == 1
    assert bareme.comptes([un, vide]) == [un]
    assert bareme.comptes([replace(vide, exercice=fait.id), replace(un, exercice=plus.id)]) == [
        replace(vide, exercice=fait.id),
        replace(un, exercice=plus.id),
    ]


def test_un_item_que_nul_exercice_ne_prend_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match=r"« q1 » de quiz\.toml est pris par aucun exercice"):
        _bareme(tmp_path, ITEM, VALEUR)


def test_les_points_dun_quiz_se_partagent_exactement(tmp_path: Path) -> None:
    trois = ITEM + ITEM.replace('"q1"', '"q2"') + ITEM.replace('"q1"', '"q3"')
    with pytest.raises(ErreurFacturier, match="ne se partagent pas"):
        _bareme(tmp_path, trois, CORRIGE + "points = 10\n")


def test_lenonce_public_ne_porte_ni_cle_ni_retour_ni_ordre_parlant(tmp_path: Path) -> None:
    bareme = _bareme(tmp_path, ITEM, CORRIGE + VALEUR + DEPOT)
    public = json.dumps(bareme.enonces(), ensure_ascii=False)
    for secret in ("juste", "RETOUR", "retour", "attendu", "12,50", "critere", "reussi", "manque"):
        assert secret not in public
    choix = bareme.enonces()["exercices"][0]["items"][0]["choix"]
    assert [c["texte"] for c in choix] == ["Vrai", "Faux"]
    assert choix[0]["id"] == id_choix("q1", "Vrai")
    assert bareme.enonces()["exercices"][2]["parametres"] == {"fournisseur_siret": "99990013700012"}


def test_les_chapitres_du_kit_ont_un_bareme_lisible_et_des_quiz_paralleles() -> None:
    tous = baremes()
    entree, sortie = tous["quiz_entree"], tous["quiz_sortie"]
    assert entree.sur == sortie.sur == Decimal(12)
    objectifs = [[i.objectif for e in b.exercices for i in e.items] for b in (entree, sortie)]
    assert sorted(objectifs[0]) == sorted(objectifs[1])
    assert not {i.question for e in entree.exercices for i in e.items} & {
        i.question for e in sortie.exercices for i in e.items
    }


def test_un_quiz_de_chapitre_dit_le_droit_du_jour_et_ses_choix_gardent_leur_identifiant(tmp_path: Path) -> None:
    quiz = ITEM.replace("Vrai ou faux ?", "Qui doit {{ delai('paiement-sante') }} ?").replace(
        '"Faux"', """'{% if au < effet("reforme-reception") %}Pas encore{% else %}Déjà{% endif %}'"""
    )
    chapitre = _chapitre(tmp_path, quiz, CORRIGE.replace('"Quiz"', """'Le {{ le("reforme-reception") }}'"""))
    avant, apres = (lire_bareme(chapitre, Graine(au=jour)) for jour in (date(2026, 3, 1), date(2026, 9, 1)))
    (item,), (meme,) = avant.exercices[0].items, apres.exercices[0].items
    assert item.question == "Qui doit 50\u00a0jours ?"
    assert [c.texte for c in item.choix] == ["Pas encore", "Vrai"]
    assert [c.texte for c in meme.choix] == ["Déjà", "Vrai"]
    assert [c.id for c in item.choix] == [c.id for c in meme.choix]
    assert avant.exercices[0].titre == "Le 1er\u00a0septembre 2026"
    assert "{" not in str([e["items"][0]["question"] for e in avant.enonces()["exercices"]])


@pytest.mark.parametrize(
    ("avant", "apres", "phrase"),
    [
        ("Vrai ou faux ?", "{{ delai('amende-plateforme') }} ?", "ce qu’il dit n’est pas sûr"),
        ("Vrai ou faux ?", "{{ delai('inconnu') }} ?", "inconnu"),
        ("Vrai ou faux ?", "{{ delai( ?", "n’est pas correct"),
    ],
)
def test_un_quiz_de_chapitre_ne_repose_que_sur_des_faits_connus_et_surs(
    tmp_path: Path, avant: str, apres: str, phrase: str
) -> None:
    with pytest.raises(ErreurFacturier) as refus:
        _bareme(tmp_path, ITEM.replace(avant, apres, 1))
    assert "essai/quiz.toml, item" in refus.value.phrase
    assert phrase in refus.value.phrase.replace("\u00a0", " ")


def test_une_reponse_attendue_n_appelle_pas_de_fait(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match=r"essai/corrige.toml, exercice.*n’appellent aucun fait ici"):
        lire_bareme(_autre(tmp_path, VALEUR.replace('"12,50"', """'{{ delai("paiement-sante") }}'""")))


def test_un_quiz_absent_est_dit(tmp_path: Path) -> None:
    with pytest.raises(ErreurFacturier, match="introuvable"):
        lire_quiz(tmp_path / "quiz.toml", {"O1"}, Graine().au)

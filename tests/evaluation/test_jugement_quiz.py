"""Questions by lines, by dates and on an invoice's fields: a share for each line, blank is not wrong, lies are seen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturier import contenu
from facturier.evaluation.bareme import lire_bareme
from facturier.evaluation.graines import Graine
from facturier.evaluation.items import LIEN, PAR_LIGNES, Item
from facturier.evaluation.jugement import Jugement, juger
from facturier.evaluation.jugement_quiz import juger_item
from facturier.evaluation.notation.noteur import juger_tout
from facturier.evaluation.reponses import Reponse, Valeur
from facturier.evaluation.tirages import lire_banque
from facturier.evaluation.valeurs import lire_jour
from facturier.evaluation.verdicts import CritereJuge

BANQUE = lire_banque()
ORDRE = BANQUE.par_id["ca_chaine"].poser(Graine())
PAIRES = BANQUE.par_id["su_gestes"].poser(Graine())
DATE = BANQUE.par_id["de_echeance"].poser(Graine())
CHAMP = BANQUE.par_id["sa_champ_engagement"].poser(Graine())


def _juger(item: Item, valeur: Valeur) -> tuple[CritereJuge, list[str]]:
    remarques: list[str] = []
    return juger_item(item, valeur, Decimal(1), remarques), remarques


def _liens(item: Item, *echanges: int) -> list[str]:
    """The right answer, the targets of these lines exchanged in a circle."""
    cibles = [ligne.cible for ligne in item.lignes]
    for ici, la in zip(echanges, echanges[1:] + echanges[:1], strict=True):
        cibles[ici] = item.lignes[la].cible
    return [f"{ligne.id}{LIEN}{cible}" for ligne, cible in zip(item.lignes, cibles, strict=True)]


def test_un_rangement_juste_a_tous_ses_points() -> None:
    juge, remarques = _juger(ORDRE, _liens(ORDRE))
    assert (juge.points, juge.statut, remarques) == (Decimal(1), "juste", [])
    assert juge.message == ORDRE.retour_juste


def test_deux_lignes_echangees_laissent_la_part_des_autres_et_disent_la_meprise() -> None:
    juge, _ = _juger(ORDRE, _liens(ORDRE, 0, 1))
    assert (juge.points, juge.statut) == (Decimal("0.50"), "partiel")
    assert ORDRE.lignes[0].retour in juge.message
    assert ORDRE.lignes[2].retour not in juge.message


def test_un_rang_donne_deux_fois_ne_compte_pour_personne() -> None:
    liens = [f"{ligne.id}{LIEN}1" for ligne in ORDRE.lignes]
    juge, _ = _juger(ORDRE, liens)
    assert (juge.points, juge.statut) == (Decimal(0), "faux")
    assert juge.message.startswith("Un même rang est donné à deux lignes.")


def test_une_ligne_vide_n_est_ni_juste_ni_fausse() -> None:
    juge, _ = _juger(PAIRES, _liens(PAIRES)[:2])
    assert (juge.points, juge.statut) == (Decimal("0.67"), "partiel")
    assert juge.message == "Une ligne est restée vide."


def test_une_association_peut_partager_sa_cible() -> None:
    item = BANQUE.par_id["ob_chemins"].poser(Graine())
    assert len({ligne.cible for ligne in item.lignes}) == 2
    assert _juger(item, _liens(item))[0].statut == "juste"


@pytest.mark.parametrize("item", [ORDRE, PAIRES, DATE, CHAMP], ids=lambda i: i.genre)
@pytest.mark.parametrize("vide", ["", [], ["", " "], "  "])
def test_pas_repondu_n_est_pas_faux(item: Item, vide: Valeur) -> None:
    juge, remarques = _juger(item, vide)
    assert (juge.statut, juge.message, remarques) == ("non_repondu", "Vous n’avez pas répondu.", [])


@pytest.mark.parametrize("item", [ORDRE, PAIRES, CHAMP], ids=lambda i: i.genre)
@given(valeur=st.one_of(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=20), min_size=1, max_size=6)))
def test_une_reponse_que_le_formulaire_ne_fait_pas_est_signalee(item: Item, valeur: Valeur) -> None:
    juge, remarques = _juger(item, valeur)
    assert juge.points == 0
    assert juge.statut in ("faux", "non_repondu")
    assert bool(remarques) == (juge.statut == "faux")


def test_une_ligne_reliee_deux_fois_est_signalee() -> None:
    liens = _liens(PAIRES)
    juge, remarques = _juger(PAIRES, [*liens, f"{PAIRES.lignes[0].id}{LIEN}{PAIRES.lignes[1].cible}"])
    assert (juge.points, len(remarques)) == (0, 1)


def test_une_date_se_lit_comme_on_l_ecrit_et_son_piege_se_reconnait() -> None:
    jour = lire_jour(DATE.attendu)
    assert jour is not None
    for ecrite in (DATE.attendu, f"{jour.day}/{jour.month}/{jour.year}", jour.isoformat()):
        assert _juger(DATE, ecrite)[0].statut == "juste"
    juge, _ = _juger(DATE, DATE.pieges[0].valeur)
    assert (juge.statut, juge.message) == ("faux", DATE.pieges[0].retour)
    assert "ne se lit pas" in _juger(DATE, "bientôt")[0].message


@pytest.mark.parametrize(
    ("texte", "lue"),
    [
        ("24/11/2026", "2026-11-24"), ("1er mars 2027", "2027-03-01"), ("3 août 2026", "2026-08-03"),
        (" 24 - 11 - 2026", None), ("24.11.2026", "2026-11-24"), ("31/02/2026", None), ("24/11/26", None),
        ("29 fév. 2028", "2028-02-29"), ("29 février 2028", "2028-02-29"), ("15 juil 2026", "2026-07-15"),
        ("2 brumaire 2026", None), ("29 février 2027", None),
    ],
)  # fmt: skip
def test_les_dates_des_apprenants(texte: str, lue: str | None) -> None:
    jour = lire_jour(texte)
    assert (jour.isoformat() if jour else None) == lue


def test_un_champ_de_facture_montre_ce_que_la_page_montre() -> None:
    textes = {c.texte: c.juste for c in CHAMP.choix}
    assert "Numéro de facture\u00a0: NPE-2026-1140" in textes
    assert textes["Numéro de commande ou d’engagement\u00a0: EJ2026-204417"]
    assert _juger(CHAMP, next(c.id for c in CHAMP.choix if c.juste))[0].statut == "juste"


def test_l_enonce_ne_contient_pas_la_cle() -> None:
    for item in (ORDRE, PAIRES, DATE, CHAMP):
        public = repr(item.public())
        assert item.retour_juste not in public or not item.retour_juste
        assert not any(ligne.retour in public for ligne in item.lignes)
        assert item.attendu not in public or not item.attendu
        if item.genre in PAR_LIGNES:
            assert {ligne["id"] for ligne in item.public()["lignes"]} == {ligne.id for ligne in item.lignes}


# the whole quiz of a session


def _reponse(graine: str, valeurs: dict[str, Valeur]) -> Reponse:
    return Reponse("quiz_entree/exercices", "quiz_entree", valeurs, (), "l", 1, "2026-12-03T09:00:00+01:00", graine)


def _quiz(graine: str, valeurs: dict[str, Valeur]) -> Jugement:
    (exercice,) = lire_bareme(contenu.chapitre("quiz_entree")).exercices
    return juger(exercice, _reponse(graine, valeurs))


def test_les_reponses_d_une_session_se_jugent_sur_son_propre_tirage() -> None:
    graine = Graine("lyon-decembre")
    items = BANQUE.forme("entree", graine)
    assert items != BANQUE.forme("entree", Graine())
    choix = {i.id: next(c.id for c in i.choix if c.juste) for i in items if i.genre == "unique"}
    juge = _quiz(graine.texte(), dict(choix))
    assert [c.id for c in juge.criteres] == [i.id for i in items]
    assert juge.points == len(choix)
    assert juge.remarques == ()


def test_une_graine_illisible_laisse_le_quiz_a_verifier() -> None:
    juge = _quiz("graine d’ailleurs", {"x": "y"})
    assert (juge.statut, juge.points) == ("a_verifier", None)
    assert "ne se retrouve pas" in juge.remarques[0]


def test_sans_graine_une_reponse_se_juge_sur_le_tirage_de_reference() -> None:
    (premier, *_) = BANQUE.forme("entree", Graine())
    juste = next(c.id for c in premier.choix if c.juste)
    assert _quiz("", {premier.id: juste}).criteres[0].statut == "juste"


def _tout(graine: str, *reponses: Reponse) -> Jugement:
    recueil = {"graine": graine, "reponses": {r.formulaire: r.en_json() for r in reponses}, "problemes": []}
    ((jugement,), _) = juger_tout(lire_bareme(contenu.chapitre("quiz_entree")), recueil)
    return jugement


def test_un_quiz_laisse_vide_montre_les_questions_de_sa_session() -> None:
    graine = Graine("lyon-decembre")
    juge = _tout(graine.texte())
    assert (juge.statut, juge.points) == ("non_repondu", None)
    assert [c.libelle for c in juge.criteres] == [i.question for i in BANQUE.forme("entree", graine)]


def test_des_questions_d_un_autre_tirage_sont_laissees_au_formateur() -> None:
    ici, ailleurs = Graine("lyon-decembre"), Graine("brest-janvier")
    (premier, *_) = BANQUE.forme("entree", ailleurs)
    reponse = _reponse(ailleurs.texte(), {premier.id: premier.choix[0].id})
    juge = _tout(ici.texte(), reponse)
    assert (juge.statut, juge.points) == ("a_verifier", None)
    assert "ne sont pas celles de cette session" in juge.remarques[0]
    assert _tout(ailleurs.texte(), reponse).statut == "fait"

"""A group plays a market with its subcontractors and cotraitants: places, rotation, latecomers, up to the payment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from classe_essai import Horloge
from joueurs import (
    ARCHITECTE,
    COMMUNE,
    COMMUNE_MOA,
    COUVREUR,
    ELECTRICIEN,
    MANDATAIRE,
    PAPIERS,
    PEINTRE,
    VITRIER,
    ZINGUEUR,
)
from page_essai import Fureteur, texte

from facturier.annuaire import Annuaire
from facturier.ecrans.blocs import Cible
from facturier.ecrans.catalogue import ECRANS
from facturier.ecrans.poste import Poste as Place
from facturier.ecrans.rendu import Cadre, rendre
from facturier.ecrans.sieges import sieges_du_participant, sieges_fixes
from facturier.liaison.client import Liaison
from facturier.portail import Acteur, Ouverture, RefusPortail
from facturier.portail.etat import octets
from facturier.portail.guichet import GuichetLocal
from facturier.registre import Lot, RegistreClasse
from facturier.registre.classe import regler
from facturier.serveur import Animation, Classe, RefusClasse, consignes, criteres, montages
from facturier.serveur.lancement import en_fond
from facturier.serveur.montages import Montage, Poste, de_la_classe, lire, tous
from facturier.serveur.postes import Postes
from facturier.serveur.repartition import places, tenants, tourner
from tests.ecrans.chantier import Chantier

TOITURE, GYMNASE = "2026-TVX-014+", "2026-TVX-020+"
PRENOMS = ("Ana", "Bob", "Chloé", "Dan", "Eve")
GROUPE, PAGE = "groupe-1-1", "/animateur/groupes"


class Table:
    """The places of a group, each on its own screens, and the clock."""

    def __init__(self, chantiers: list[Chantier], avancer: Callable[[int], None]) -> None:
        self.chantiers, self.avancer = chantiers, avancer

    def a(self, role: str, structure: str) -> Chantier:
        """The one who holds that role, sitting there."""
        for chantier in self.chantiers:
            for siege in chantier.poste.sieges:
                if (siege.acteur.role, siege.acteur.structure) == (role, structure):
                    chantier.poste.asseoir(siege.cle)
                    return chantier
        raise AssertionError(f"personne ne tient {role} de {structure}")

    def depose(self, role: str, structure: str, ecran: str, objet: str, **champs: str) -> None:
        """A piece of works, on its screen."""
        chantier, cadre = self.a(role, structure), objet.rpartition("~")[2]
        chantier.ouvrir(Cible(ecran, objet))
        chantier.saisir(numero_facture=f"{cadre}-{structure[-7:]}", **champs)
        assert chantier.poste.bloquants() == [], cadre
        chantier.appuyer(f"Déposer la pièce {cadre}")
        assert chantier.poste.statut is not None
        assert chantier.poste.statut.ton == "succes", chantier.dit

    def fait(self, role: str, structure: str, piece: str, *gestes: str) -> None:
        """Gestures on a piece, by their buttons."""
        chantier = self.a(role, structure)
        for geste in gestes:
            chantier.ouvrir(Cible("valider", piece))
            chantier.appuyer(geste)

    def derniere(self, cadre: str, structure: str) -> str:
        """The last piece of that cadre that this structure has deposited: simulated companies deposit too."""
        pieces = self.chantiers[0].poste.guichet.pieces()
        return [p.id for p in pieces if (p.cadre, p.deposant) == (cadre, structure)][-1]

    def statut(self, piece: str) -> str:
        return self.chantiers[0].poste.guichet.piece(piece).statut

    def historique(self, piece: str) -> set[str]:
        return {p.statut for p in self.chantiers[0].poste.guichet.piece(piece).historique}


@pytest.fixture(params=["local", "http-sqlite", "http-postgresql"])
def asseoir(request: pytest.FixtureRequest, annuaire: Annuaire, horloge: Horloge) -> Iterator[Callable[[str], Table]]:
    """Five persons on that circuit: here, all of them one; in a class, each with their own link."""
    with ExitStack() as pile:

        def ici(code: str) -> Table:
            assis = tenants(lire(annuaire, code).postes, PRENOMS)
            simules = {f"{p.role}:{p.structure}": "prompt" for p, qui in assis.items() if qui.startswith("simule")}
            tenus = [(p.role, p.structure) for p, qui in assis.items() if not qui.startswith("simule")]
            guichet = GuichetLocal(tenus[0][1], horloge=horloge, ouverture=Ouverture(partenaires=simules))
            return Table([Chantier(Place(guichet, ECRANS, sieges_fixes(tenus)))], guichet.avancer)

        def en_classe(code: str) -> Table:
            url = request.getfixturevalue("base" if request.param == "http-sqlite" else "base_postgresql")
            classe: Classe = request.getfixturevalue("ouvrir")(url)
            adresse = pile.enter_context(en_fond(classe))
            liaisons = [Liaison.rejoindre(adresse, classe.code, prenom) for prenom in PRENOMS]
            for liaison in liaisons:
                pile.callback(liaison.fermer)
            Animation(classe).repartir(None, lire(annuaire, code))
            chantiers = []
            for liaison in liaisons:
                moi = liaison.moi()
                premier = next(r for r in liaison.espace(moi.groupe).roles if r.tenant == moi.pseudonyme)
                guichet = liaison.guichet(Acteur(premier.role, premier.structure), moi.groupe)
                chantiers.append(Chantier(Place(guichet, ECRANS, sieges_du_participant(moi.pseudonyme))))
            return Table(chantiers, Animation(classe).avancer)

        yield ici if request.param == "local" else en_classe


def mois(table: Table, marche: str, titulaire: str) -> str:
    """The project of the month, up to who pays; the last piece."""
    table.depose("fournisseur", titulaire, "travaux_projet", f"{marche}~A4", cumul_ht="8 000,00")
    table.depose("moe", ARCHITECTE, "travaux_suivante", f"{table.derniere('A4', titulaire)}~A15")
    table.depose("moa", COMMUNE_MOA, "travaux_suivante", f"{table.derniere('A15', ARCHITECTE)}~A19")
    return table.derniere("A19", COMMUNE_MOA)


def test_la_demande_du_sous_traitant_est_acceptee_jointe_et_le_mois_est_paye(asseoir: Callable[[str], Table]) -> None:
    table = asseoir(TOITURE)
    depot = {"montant_ht": "1 000,00", "taux_tva": "0"}
    table.depose("fournisseur", ZINGUEUR, "travaux_projet", "2026-TVX-014~A10", **depot)
    assert table.statut("P0001") == "A_VALIDER_1"
    table.fait("valideur_1", COUVREUR, "P0001", "Valider")
    assert table.statut("P0001") == "MISE_A_DISPOSITION_MOE"
    table.fait("moe", ARCHITECTE, "P0001", "Joindre au dossier")
    a19 = mois(table, "2026-TVX-014", COUVREUR)
    table.fait("destinataire", COMMUNE, a19, "Attester", "Mandater", "Transmettre")
    assert table.statut(a19) == "MISE_A_DISPOSITION_COMPTABLE"
    table.avancer(10)  # nobody is the comptable: it is simulated
    assert table.statut(a19) == "MISE_EN_PAIEMENT"
    assert table.statut("P0001") == "ASSOCIEE"


def test_le_silence_du_titulaire_pendant_le_delai_accepte_la_demande(asseoir: Callable[[str], Table]) -> None:
    table = asseoir(TOITURE)
    depot = {"montant_ht": "1 000,00", "taux_tva": "0"}
    table.depose("fournisseur", ZINGUEUR, "travaux_projet", "2026-TVX-014~A10", **depot)
    table.avancer(14)
    assert table.statut("P0001") == "A_VALIDER_1", "le titulaire est une personne : rien ne répond pour lui"
    table.avancer(2)
    assert "ABSENCE_VALIDATION_1_HORS_DELAI" in table.historique("P0001")
    assert table.statut("P0001") == "MISE_A_DISPOSITION_MOE"


def test_le_mandataire_vise_la_demande_du_cotraitant_et_le_mois_est_paye(asseoir: Callable[[str], Table]) -> None:
    table = asseoir(GYMNASE)
    table.depose("fournisseur", PEINTRE, "travaux_projet", "2026-TVX-020~A13", montant_ht="3 000,00", taux_tva="20")
    table.avancer(20)
    assert table.statut("P0001") == "A_VALIDER_1", "aucun accord tacite n’est décrit en cotraitance"
    table.fait("valideur_1", MANDATAIRE, "P0001", "Viser")
    table.fait("moe", ARCHITECTE, "P0001", "Joindre au dossier")
    a19 = mois(table, "2026-TVX-020", MANDATAIRE)
    table.avancer(30)  # the service financier and the comptable are simulated
    assert table.statut(a19) == "MISE_EN_PAIEMENT"


# places


def test_les_places_couvrent_tous_les_roles_que_le_portail_promet(annuaire: Annuaire) -> None:
    """« fournisseur, cotraitant, sous-traitant, mandataire, MOE, MOA, service financier et comptable »."""
    promis = {"Cotraitant", "Sous-traitant", "Mandataire", "moe", "moa", "Service financier", "comptable", "valideur_1"}
    montage = lire(annuaire, GYMNASE)
    tenus = {montage.designation(p) or p.role for p in montage.postes}
    assert promis <= tenus
    assert "fournisseur" in {p.role for p in montage.postes}
    assert {"valideur_2"} <= tenus, "le second valideur d’un sous-traitant de cotraitant"


@pytest.mark.parametrize("code", ["2026-TVX-014+", "2026-TVX-020+", "2026-TVX-052+", "2026-NET-002+", "2026-ENT-019+"])
def test_chaque_demande_d_un_membre_a_la_place_qui_lui_repond(annuaire: Annuaire, code: str) -> None:
    montage = lire(annuaire, code)
    assert montage.code == code
    assert montage.membres
    for _, siret in montage.membres:
        assert Poste("fournisseur", siret) in montage.postes
        for rang, valideur in enumerate(montage.valideurs(siret), 1):
            assert Poste(f"valideur_{rang}", valideur) in montage.postes
    assert montage.postes[0].structure in {siret for _, siret in montage.membres}, "qui dépose s’assoit d’abord"


def test_un_sous_traitant_que_l_acheteur_n_a_pas_agree_n_a_pas_de_place(annuaire: Annuaire) -> None:
    places_du_gymnase = {p.structure for p in lire(annuaire, GYMNASE).postes}
    assert {VITRIER, PAPIERS} <= places_du_gymnase
    assert "99990038400010" not in places_du_gymnase


def test_sans_choix_le_titulaire_est_seul_et_un_numero_donne_ouvre_toute_la_fiche(annuaire: Annuaire) -> None:
    assert de_la_classe(annuaire).membres == ()
    assert [p.role for p in de_la_classe(annuaire).postes] == ["fournisseur", "moe", "moa", "destinataire", "comptable"]
    assert de_la_classe(annuaire, "2026-TVX-052").code == "2026-TVX-052+"
    codes = [m.code for m in tous(annuaire)]
    assert len(codes) == len(set(codes))
    assert {lire(annuaire, code).code for code in codes} == set(codes)


def test_une_personne_depose_et_valide_pour_son_entreprise_et_les_places_tournent(annuaire: Annuaire) -> None:
    postes = lire(annuaire, TOITURE).postes
    titulaire = (Poste("fournisseur", COUVREUR), Poste("valideur_1", COUVREUR))
    assert titulaire in places(postes)
    actuels, tenues = tenants(postes, PRENOMS), []
    for _ in PRENOMS:
        tenues.append(tuple(p for p in postes if actuels[p] == "Ana"))
        actuels |= tourner(postes, actuels)
    assert set(tenues) == set(places(postes)[:5]), "chacun passe par toutes les places que tient quelqu’un"
    assert titulaire in tenues
    actuels = {**tenants(postes, PRENOMS[:2]), Poste("valideur_1", COUVREUR): "Chloé"}
    tournes = tourner(postes, actuels)
    assert tournes[Poste("fournisseur", ZINGUEUR)] == "Chloé", "un valideur confié à part tourne à part"


# in a class


def classe_de(classe: Classe, *prenoms: str) -> Animation:
    for prenom in prenoms:
        classe.rejoindre(classe.code, prenom)
    return Animation(classe)


def tenus(classe: Classe, qui: str, espace: str = GROUPE) -> set[tuple[str, str]]:
    attributions = classe.espace(espace).lire(lambda p: p.etat.attributions)
    return {cle for cle, tenant in attributions.items() if tenant == qui}


def test_un_retardataire_prend_une_place_entiere_et_un_absent_retrouve_la_sienne(
    classe: Classe, annuaire: Annuaire
) -> None:
    animation = classe_de(classe, "Léa")
    jeton = classe.rejoindre(classe.code, "Paul").jeton
    animation.repartir([["lea", "paul"]], lire(annuaire, TOITURE))
    titulaire = {("fournisseur", COUVREUR), ("valideur_1", COUVREUR)}
    assert tenus(classe, "lea") == {("fournisseur", ZINGUEUR)}
    assert tenus(classe, "paul") == titulaire
    animation.absenter("paul")
    assert tenus(classe, "simule:prompt") >= titulaire
    classe.identifier(jeton)
    assert tenus(classe, "paul") == titulaire
    animation.absenter("paul")
    tard = classe.rejoindre(classe.code, "Tardif").participant
    assert tard.groupe == GROUPE
    assert tenus(classe, "tardif") == titulaire
    classe.identifier(jeton)
    assert tenus(classe, "paul") == {("moe", ARCHITECTE)}, "sa place est prise : il en reçoit une autre"
    assert "n’a pas repris" in classe.avis[-1]


@pytest.mark.parametrize("sorte", ["base", "base_postgresql"])
def test_une_place_vide_ou_quittee_depose_a_la_place_de_qui_manque(
    ouvrir: Callable[[str], Classe], request: pytest.FixtureRequest, annuaire: Annuaire, sorte: str
) -> None:
    """Léa is the subcontractor and Paul the titulaire; Paul leaves: Zoé, MOE, still receives the month's project."""
    url = request.getfixturevalue(sorte)
    animation = classe_de(ouvrir(url), "Léa")
    classe = animation.classe
    paul = classe.rejoindre(classe.code, "Paul").jeton
    classe.rejoindre(classe.code, "Zoé")
    animation.repartir([["lea", "paul", "zoe"]], lire(annuaire, TOITURE))
    assert tenus(classe, "zoe") == {("moe", ARCHITECTE)}

    def deposees(siret: str) -> list[tuple[str, str]]:
        pieces = classe.espace(GROUPE).lire(lambda p: p.pieces())
        return [(p.cadre, p.statut) for p in pieces if p.deposant == siret]

    animation.avancer(20)
    assert deposees(COUVREUR) == deposees(ZINGUEUR) == [], "chacun est là : rien ne se dépose en son nom"
    animation.absenter("paul")
    animation.avancer(4)
    assert deposees(COUVREUR) == [("A4", "MISE_A_DISPOSITION_MOE")]
    classe.identifier(paul)
    animation.avancer(40)
    assert len(deposees(COUVREUR)) == 1, "Paul est revenu : c’est à lui"
    etat = classe.espace(GROUPE).lire(lambda p: octets(p.etat))
    classe.fermer()
    assert ouvrir(url).espace(GROUPE).lire(lambda p: octets(p.etat)) == etat


def test_le_circuit_d_un_groupe_survit_a_un_arret_et_un_autre_groupe_garde_le_sien(
    ouvrir: Callable[[str], Classe], base: str, annuaire: Annuaire
) -> None:
    animation = classe_de(ouvrir(base), "Léa", "Paul", "Zoé")
    animation.repartir([["lea"], ["paul", "zoe"]])
    animation.classe.fermer()
    reprise = Animation(ouvrir(base))
    nom = reprise.changer_circuit("groupe-1-2", lire(annuaire, GYMNASE))
    assert nom == "groupe-2-2"
    reprise.classe.fermer()
    encore = ouvrir(base)
    assert [encore.montage_de(n).code for n in ("groupe-1-1", nom)] == ["2026-TVX-014", GYMNASE]
    assert {p.pseudonyme: p.groupe for p in encore.participants.tous().values()} == {
        "lea": "groupe-1-1",
        "paul": nom,
        "zoe": nom,
    }
    assert tenus(encore, "paul", nom) == {("fournisseur", PEINTRE), ("valideur_1", PEINTRE)}
    with pytest.raises(RefusClasse, match="plus formé"):
        Animation(encore).changer_circuit("groupe-1-2", lire(annuaire, TOITURE))
    with pytest.raises(RefusClasse, match="dans la liste"):
        lire(annuaire, "2026-TVX-999+")


@pytest.mark.parametrize("garde", [True, False])
def test_une_classe_rouverte_avec_un_autre_marche_montre_encore_qui_est_assis(
    base: str, annuaire: Annuaire, horloge: Horloge, garde: bool
) -> None:
    """``garde`` False: a store written before the circuits of groups were kept."""
    avant = Classe(RegistreClasse(base), annuaire, horloge=horloge)
    classe_de(avant, "Léa", "Paul").repartir([["lea", "paul"]])
    if not garde:
        avant.ecrivain.ecrire(Lot(ordres=regler(f"{montages.CLE}{GROUPE}", "")[:1]))
    avant.fermer()
    apres = Classe(RegistreClasse(base), annuaire, marche="2026-TVX-020", horloge=horloge)
    try:
        espaces = {e["nom"]: e["roles"] for e in Animation(apres).vue_d_ensemble()["espaces"]}
    finally:
        apres.fermer()
    assis = {(r["role"], r["structure"]): r["tenant"] for r in espaces[GROUPE]}
    assert assis[("fournisseur", COUVREUR)] == "lea"
    assert assis[("moe", ARCHITECTE)] == "paul"
    assert "" not in assis.values()
    seul = {(r["role"], r["structure"]): r["tenant"] for r in espaces["solo-lea"]}
    assert seul[("fournisseur", MANDATAIRE)] == "lea", "seule chez elle, elle y joue toutes les entreprises"
    assert "" not in seul.values()


def test_un_circuit_disparu_de_l_annuaire_se_dit_et_n_arrete_pas_la_classe(
    base: str, annuaire: Annuaire, horloge: Horloge
) -> None:
    avant = Classe(RegistreClasse(base), annuaire, horloge=horloge)
    classe_de(avant, "Léa").repartir([["lea"]], lire(annuaire, GYMNASE))
    avant.fermer()
    restants = {n: m for n, m in annuaire.marches.items() if n != "2026-TVX-020"}
    apres = Classe(RegistreClasse(base), Annuaire(annuaire.structures, restants), horloge=horloge)
    try:
        assert apres.montage_de(GROUPE) is apres.montage
        assert any("n’est plus dans l’annuaire" in avis for avis in apres.avis)
    finally:
        apres.fermer()


def test_nul_ne_valide_a_la_place_du_titulaire(classe: Classe, annuaire: Annuaire) -> None:
    animation = classe_de(classe, "Léa", "Paul")
    animation.repartir([["lea", "paul"]], lire(annuaire, TOITURE))
    lea = classe.participants.participant("lea")
    poste = Postes(classe).place(lea, GROUPE, Cadre()).poste
    chantier = Chantier(poste)
    chantier.ouvrir(Cible("travaux_projet", "2026-TVX-014~A10"))
    chantier.saisir(numero_facture="DP-1", montant_ht="500,00", taux_tva="0")
    chantier.appuyer("Déposer la pièce A10")
    with pytest.raises(RefusPortail, match="tenu par « paul »".replace(" »", "\u00a0»").replace("« ", "«\u00a0")):
        classe.faire(lea, GROUPE, Acteur("valideur_1", COUVREUR), "valider", "P0001")


# what each place is told


def test_le_recit_du_groupe_dit_a_chaque_place_ce_qu_elle_fait(classe: Classe, annuaire: Annuaire) -> None:
    classe_de(classe, "Léa").repartir([["lea"]], lire(annuaire, TOITURE))
    lea = classe.participants.participant("lea")
    poste = Postes(classe).place(lea, GROUPE, Cadre()).poste
    page = rendre(poste.vue()).html().replace("\u00a0", " ")
    assert "<strong>Sous-traitant, Zinguerie Gouttière-Fictive</strong> : dépose A10" in page
    assert "<strong>Titulaire, Couverture Ardoise-Imaginaire</strong> : dépose A4" in page
    assert "<strong>Valideur 1, Couverture Ardoise-Imaginaire</strong> : accepte, ou refuse" in page
    assert "restée 15 jours sans réponse est tenue pour acceptée" in page
    assert "à confirmer avec votre acheteur" in page
    assert "Déposer une pièce de travaux" in page
    solo = Postes(classe).place(lea, lea.solo, Cadre()).poste
    assert solo.recit is None


def test_le_client_du_groupe_lit_le_meme_recit(classe: Classe, annuaire: Annuaire) -> None:
    with en_fond(classe) as adresse:
        liaison = Liaison.rejoindre(adresse, classe.code, "Léa")
        Animation(classe).repartir(None, lire(annuaire, GYMNASE))
        lu = liaison.recit(liaison.moi().groupe)
        attendu = consignes.recit(lire(annuaire, GYMNASE), annuaire, classe.horloge().date())
        assert (lu.titre, lu.texte, lu.marche) == (attendu.titre, attendu.texte, "2026-TVX-020")
        (role,) = [r for r in liaison.espace(liaison.moi().groupe).roles if r.structure == VITRIER]
        assert role.designation == "Sous-traitant"
        liaison.fermer()


@pytest.mark.parametrize("code", [montage.code for montage in tous(Annuaire.charger())])
def test_aucune_place_d_aucun_circuit_n_est_sans_consigne(annuaire: Annuaire, horloge: Horloge, code: str) -> None:
    montage = lire(annuaire, code)
    au = horloge.heure.date()
    for poste in montage.postes:
        dite = consignes.consigne(montage, poste, annuaire, au)
        assert dite.endswith("."), (poste, dite)
        assert " :" not in dite
    assert len(consignes.recit(montage, annuaire, au).texte.split("\n\n")) == 1 + len(montage.postes)


def test_les_criteres_du_groupe_disent_ce_que_chaque_place_a_fait(classe: Classe, annuaire: Annuaire) -> None:
    animation = classe_de(classe, "Léa")
    montage = lire(annuaire, TOITURE)
    animation.repartir([["lea"]], montage)
    partage = classe.espace(GROUPE)

    def remplis() -> set[str]:
        return {j.nom for j in criteres.de(partage, partage.lire(lambda p: p.etat), montage) if j.rempli}

    assert remplis() == set()
    lea = classe.participants.participant("lea")
    chantier = Chantier(Postes(classe).place(lea, GROUPE, Cadre()).poste)
    chantier.ouvrir(Cible("travaux_projet", "2026-TVX-014~A10"))
    chantier.saisir(numero_facture="DP-1", montant_ht="500,00", taux_tva="0")
    chantier.appuyer("Déposer la pièce A10")
    assert remplis() == {f"place:fournisseur:{ZINGUEUR}", "facture_deposee"}
    animation.avancer(5)  # the titulaire and the MOE are simulated
    assert {f"place:valideur_1:{COUVREUR}", f"place:moe:{ARCHITECTE}", "validation_donnee"} <= remplis()
    assert f"place:comptable:{COMMUNE}" not in remplis()


def test_un_groupe_sans_membre_garde_ses_cinq_places(annuaire: Annuaire) -> None:
    seul = Montage(annuaire.marches["2026-TVX-033"])
    assert (seul.membres, seul.code) == ((), "2026-TVX-033")
    assert seul.designation(Poste("fournisseur", ELECTRICIEN)) == ""


# the trainer's page


@pytest.fixture
def fureteur(classe: Classe) -> Fureteur:
    classe_de(classe, "Léa", "Paul", "Zoé")
    return Fureteur.sur(classe).entrer()


def test_le_formateur_choisit_le_circuit_des_groupes_et_lit_qui_tiendra_quoi(fureteur: Fureteur) -> None:
    page = fureteur.voir(PAGE)
    (choix,) = page.xpath("//select[@id='circuit']")
    familles = [famille.get("label") for famille in choix.xpath("./optgroup")]
    assert familles == ["Le titulaire seul", "Avec cotraitants ou sous-traitants"]
    assert choix.value == fureteur.classe.montage.code == "2026-TVX-014"
    assert page.xpath("//label[@for='circuit']")
    question = fureteur.envoyer(PAGE, f"{PAGE}/former", circuit=TOITURE)
    lu = texte(question)
    assert (
        "Circuit : Réfection de la toiture de l’école Jean-Exemple (2026-TVX-014, circuit C1), titulaire avec 1" in lu
    )
    assert "Sous-traitant (Zinguerie Gouttière-Fictive) : Léa" in lu
    assert "Titulaire (Couverture Ardoise-Imaginaire) : Paul" in lu
    assert "Valideur 1 (Couverture Ardoise-Imaginaire) : Paul" in lu
    assert fureteur.classe.participants.participant("lea").groupe == "", "rien ne change avant la confirmation"
    fait = texte(fureteur.envoyer(question, f"{PAGE}/former"))
    assert "Groupes formés : 1" in fait
    assert tenus(fureteur.classe, "paul") == {("fournisseur", COUVREUR), ("valideur_1", COUVREUR)}
    lu = texte(fureteur.voir(PAGE))
    assert "Circuit joué : Réfection de la toiture" in lu
    assert "Dépose A10 (Demande de paiement d’un sous-traitant de travaux)" in lu
    tour = texte(fureteur.envoyer(PAGE, f"{PAGE}/tourner"))
    assert "Titulaire (Couverture Ardoise-Imaginaire) : Léa" in tour
    assert "Valideur 1 (Couverture Ardoise-Imaginaire) : Léa" in tour


def test_le_formateur_donne_un_autre_circuit_a_un_seul_groupe(fureteur: Fureteur) -> None:
    Animation(fureteur.classe).repartir([["lea"], ["paul", "zoe"]])
    question = fureteur.envoyer(PAGE, f"{PAGE}/circuit", rang=1, circuit=GYMNASE)
    lu = texte(question)
    assert "avec 2 cotraitants et 2 sous-traitants" in lu
    assert "Cotraitant (Peinture Nuance-Modèle) : Paul" in lu
    assert fureteur.classe.participants.participant("paul").groupe == "groupe-1-2"
    assert "a changé de circuit" in texte(fureteur.envoyer(question, f"{PAGE}/circuit"))
    groupes = [fureteur.classe.participants.participant(nom).groupe for nom in ("lea", "paul", "zoe")]
    assert groupes == ["groupe-1-1", "groupe-2-2", "groupe-2-2"]
    fait = fureteur.envoyer(PAGE, f"{PAGE}/confier", rang=5 + 3, tenant="paul")
    assert "Mandataire : ce rôle est maintenant tenu par Paul" in texte(fait)
    projete = texte(fureteur.voir("/animateur/projection"))
    assert "Cotraitant a la main" in projete
    assert "Cotraitant ou Sous-traitant ou Mandataire" in projete
    espace = texte(fureteur.voir("/animateur/espaces/groupe-2-2"))
    assert "Sous-traitant, Vitrerie Clair-Fictif : une demande est déposée" in espace


@pytest.mark.parametrize("circuit", ["2026-TVX-999", "+", "x" * 500, "2026-TVX-014++"])
def test_un_circuit_hors_de_la_liste_est_refuse(fureteur: Fureteur, circuit: str) -> None:
    Animation(fureteur.classe).repartir([["lea"]])
    for action in ("former", "circuit"):
        refus = fureteur.envoyer(PAGE, f"{PAGE}/{action}", circuit=circuit, confirme="oui")
        assert refus.status_code == 422
        assert "choisissez-le dans la liste" in texte(refus)
    assert fureteur.classe.participants.participant("lea").groupe == "groupe-1-1"


def test_un_groupe_qui_n_est_plus_ne_change_pas_de_circuit(fureteur: Fureteur) -> None:
    Animation(fureteur.classe).repartir([["lea"]])
    for espace in ("groupe-9-9", "solo-paul", ""):
        refus = fureteur.envoyer(PAGE, f"{PAGE}/circuit", espace=espace, circuit=GYMNASE)
        assert refus.status_code == 422
        assert "n’est plus formé" in texte(refus)

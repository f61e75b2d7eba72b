"""Un écran qui montre tout : chaque bloc, chaque genre de champ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from facturier.champs import Champ, FormulaireDef, Valeurs
from facturier.ecrans import blocs as b
from facturier.ecrans.ecran import Ecran, Siege, Suite
from facturier.ecrans.poste import Poste
from facturier.erreurs import ErreurFacturier
from facturier.portail import Acteur
from facturier.portail.guichet import GuichetLocal

FOURNISSEUR = "99990013700012"
LONGUE = tuple((f"C{rang}", f"Choix n° {rang}") for rang in range(30))
COURTE = (("a", "Premier"), ("b", "Deuxième"))

FORMULAIRE = FormulaireDef(
    "tout",
    "Tout",
    (
        Champ("texte", "Un texte", obligatoire=True, aide="À quoi il sert.", exemple="ceci", phrase_vide="Remplissez."),
        Champ("long", "Un texte long", genre="texte_long", longueur_max=5000),
        Champ("montant", "Un montant", genre="montant"),
        Champ("siret", "Un SIRET", genre="siret", longueur_max=20),
        Champ("jour", "Un jour", genre="date"),
        Champ("choix", "Un choix", genre="choix", choix=COURTE),
        Champ("liste", "Un choix parmi beaucoup", genre="choix", choix=LONGUE),
        Champ("radios", "Un choix montré", genre="choix", choix=COURTE, presentation="radios"),
        Champ("ouvert", "Un choix ouvert", genre="choix_ouvert", choix=COURTE),
        Champ("oui", "Une case", genre="oui"),
        Champ("secret", "Un secret", genre="secret"),
        Champ("fichier", "Des fichiers", genre="fichier", longueur_max=5000, contenu=True, plusieurs=True),
        Champ("iban", "Un IBAN", genre="iban", longueur_max=42),
        Champ("entier", "Un entier", genre="entier"),
        Champ("courriel", "Un courriel", genre="courriel"),
        Champ("nombre", "Un nombre", genre="nombre"),
    ),
)
LIGNES = FormulaireDef(
    "lignes",
    "Lignes",
    tuple(
        Champ(f"ligne{rang}.{nom}", f"{titre}, ligne {rang}", genre=genre)
        for rang in range(3)
        for nom, titre, genre in (("libelle", "Libellé", "texte"), ("montant", "Montant", "montant"))
    ),
)


def composer(poste: Poste, objet: str) -> Sequence[b.Bloc]:
    """Every block; what was typed in « texte » is said again wherever a screen may say it."""
    dit = poste.valeurs["texte"]
    return [
        b.Titre(f"Titre {dit}"),
        b.Paragraphe(f"Un **mot fort** et {dit}.\n\nUn second paragraphe."),
        b.Message("alerte", f"Attention {dit}", ("une ligne", b.Lien("un lien", b.Cible("lignes"), "de la page"))),
        b.Liste((f"ligne {dit}", b.Lien(dit or "vide", b.Cible("lignes", dit[:30]))), ordonnee=True),
        b.Tableau(
            "Un tableau",
            ("Pièce", "Jour", "Montant", "Statut", "Geste"),
            [
                (
                    b.Lien("P0001", b.Cible("tout", "P0001")),
                    date(2026, 11, 24),
                    Decimal("1234.5"),
                    b.Etiquette("Déposée", "succes"),
                    b.Bouton("jeter", "Jeter", "danger", {"quoi": dit}, "la pièce P0001", "Jeter la pièce ?"),
                ),
                (dit, datetime(2026, 11, 24, 10, 42), "", "", ""),
            ],
        ),
        b.Tableau("Un tableau vide", ("Rien",), ()),
        b.Definitions("Des définitions", [("Dit", dit), ("Montant", Decimal("-3"))]),
        b.Etapes(("Un", "Deux", "Trois"), 1),
        b.Champs(("texte", "long"), legende="Des textes"),
        b.Champs([c.id for c in FORMULAIRE.champs if c.id not in ("texte", "long")]),
        b.Bloquants(),
        b.Boutons([b.Bouton("brouillon", "Garder", "second"), b.Bouton("envoyer", "Envoyer")]),
        b.Liens([b.Lien("Les lignes", b.Cible("lignes"))]),
        b.Dessin('<svg viewBox="0 0 10 10"><path d="M0 0L10 10"/></svg>', f"De 0 à 10 {dit}", "Un trait"),
        b.Telechargement("fichier", "Télécharger le reçu"),
        b.Repli("Plus de détails", [b.Paragraphe("Caché")]),
        b.Section("Une section", [b.Paragraphe(f"Dedans {dit}")], id="ile"),
    ]


def envoyer(poste: Poste, objet: str, valeurs: Valeurs) -> Suite:
    if valeurs["texte"] == "refus":
        raise ErreurFacturier("Ce texte n’est pas admis.")
    return Suite(f"Envoyé : {valeurs['texte']}.", b.Cible("lignes"))


def grille(poste: Poste, objet: str) -> Sequence[b.Bloc]:
    rangees = [(f"Ligne {rang}", (f"ligne{rang}.libelle", f"ligne{rang}.montant")) for rang in range(3)]
    return [b.Grille("Les lignes", ("Libellé", "Montant"), rangees), b.Bloquants()]


TOUT = Ecran(
    "tout",
    "Tout",
    composer,
    rubrique="Factures",
    formulaire=FORMULAIRE,
    gestes={
        "envoyer": envoyer,
        "brouillon": lambda poste, objet, valeurs: Suite("Gardé.", garder=True),
        "jeter": lambda poste, objet, valeurs: Suite(f"Jeté : {valeurs['quoi']}.", garder=True),
        "fichier": lambda poste, objet, valeurs: Suite(
            garder=True, fichier=b.Fichier("reçu.txt", "text/plain", b"octets")
        ),
    },
    verifies=frozenset({"envoyer"}),
)
ECRANS = {"tout": TOUT, "lignes": Ecran("lignes", "Lignes", grille, rubrique="Factures", formulaire=LIGNES)}


def poste(garder: Callable[[Poste], str] | None = None, sieges: int = 2) -> Poste:
    """A place before that screen."""
    roles = ("fournisseur", "valideur_1", "moe", "moa", "destinataire", "comptable")[:sieges]
    assis = [Siege(Acteur(role, FOURNISSEUR), f"Rôle {role}") for role in roles]
    guichet = GuichetLocal(FOURNISSEUR, horloge=lambda: datetime(2026, 11, 24, 10, 42))
    return Poste(guichet, ECRANS, lambda _: assis, accueil=b.Cible("tout"), garder=garder)

"""The learner's own method sheet: what they write on it; nothing of it is graded."""

from __future__ import annotations

from facturier.champs.fiches import Champ, FormulaireDef

CLIENT = (
    Champ(
        "client",
        "Mon client : qui paie",
        aide="Le nom de l’acheteur public.",
        exemple="Commune de Bourg-Imaginaire",
        longueur_max=80,
    ),
    Champ(
        "siret",
        "SIRET du destinataire à saisir",
        aide="Celui qui reçoit la demande : l’acheteur, ou la maîtrise d’œuvre si la fiche du marché le dit.",
        exemple="219 900 776 00010",
        longueur_max=20,
    ),
    Champ("marche", "Numéro de marché", exemple="2026-M-014", longueur_max=50),
    Champ("service", "Code du service", exemple="VOIRIE", longueur_max=60),
    Champ("engagement", "Numéro d’engagement", exemple="EJ-2026-0117", longueur_max=50),
    Champ("cadre", "Cadre de facturation", genre="choix", choix="cadres_deposes"),
    Champ(
        "valideur",
        "Qui valide avant l’acheteur",
        aide="Le titulaire, le mandataire, la maîtrise d’œuvre… ou « personne ».",
        exemple="Personne",
        longueur_max=90,
    ),
)
CHOIX = (
    Champ(
        "verification",
        "Ma vérification à moi avant de cliquer",
        aide="Le point sur lequel vous vous êtes trompé, ou que vous oubliez souvent.",
        longueur_max=180,
    ),
    Champ(
        "incident",
        "Ce que l’incident d’aujourd’hui m’a appris",
        genre="texte_long",
        aide="Ce qui est arrivé, et le geste à faire la prochaine fois.",
        longueur_max=280,
    ),
    Champ(
        "signature",
        "Ma signature pour les courriels",
        aide="Prénom, fonction, entreprise, téléphone : elle termine les trois courriels prêts.",
        exemple="Camille, assistante de facturation",
        longueur_max=100,
    ),
)
A_FAIRE = (
    Champ("afaire_2fa", "Double authentification : qui, quand ?", exemple="Moi, demain matin", longueur_max=60),
    Champ("afaire_habilitation", "Espace « Factures de travaux » : qui, quand ?", longueur_max=60),
    Champ("afaire_relais", "Relais du gestionnaire principal : qui, quand ?", longueur_max=60),
    Champ("afaire_autre", "Une autre chose à faire demain", longueur_max=120),
)

FICHE_METHODE = FormulaireDef(
    id="fiche_methode",
    titre="Ma fiche méthode",
    intro=(
        "Rien n’est obligatoire, rien n’est noté : ce que vous laissez vide s’imprime en pointillés, à remplir "
        "à la main. Ce que vous écrivez part avec votre travail quand vous le rendez."
    ),
    champs=(*CLIENT, *CHOIX, *A_FAIRE),
    facultatif_tu=True,
)

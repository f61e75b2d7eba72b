"""The fields of a search in the directory, of a request for help, of a deposit by file."""

from __future__ import annotations

from facturier.champs.fiches import Champ, FormulaireDef

ANNUAIRE = FormulaireDef(
    id="annuaire",
    titre="Annuaire",
    facultatif_tu=True,
    champs=(
        Champ("texte", "Nom ou SIRET", aide="Un mot du nom, ou au moins trois chiffres du SIRET.", longueur_max=200),
        Champ("publique", "Structures publiques seulement", genre="oui", longueur_max=3),
        Champ("exige_engagement", "Qui exigent un engagement", genre="oui", longueur_max=3),
        Champ("exige_service", "Qui exigent un code service", genre="oui", longueur_max=3),
    ),
)
SOLLICITATION = FormulaireDef(
    id="sollicitation_ouvrir",
    titre="Ouvrir une sollicitation",
    champs=(
        Champ(
            "destinataire",
            "À qui écrivez-vous ?",
            genre="choix",
            obligatoire=True,
            aide="L’assistance vient de vous le dire : le bon interlocuteur répond, les autres renvoient.",
            phrase_vide="Choisissez à qui va votre question.",
        ),
        Champ(
            "client", "SIRET du client public", genre="siret", aide="Si vous écrivez à son service.", longueur_max=20
        ),
        Champ(
            "piece",
            "Pièce concernée",
            aide="Son numéro sur ce portail, s’il y en a une.",
            exemple="P0001",
            longueur_max=5,
        ),
        Champ("sujet", "Objet", obligatoire=True, longueur_max=100, phrase_vide="Donnez un objet à votre message."),
        Champ(
            "texte",
            "Votre message",
            genre="texte_long",
            obligatoire=True,
            aide="Ce que vous faisiez, ce que vous avez vu. Jamais de mot de passe.",
            longueur_max=2000,
            phrase_vide="Décrivez votre difficulté.",
        ),
        Champ(
            "courriel",
            "Courriel où vous répondre",
            genre="courriel",
            aide="Seulement si vous n’êtes rattaché à aucune structure.",
            longueur_max=254,
        ),
    ),
)
REPONSE = FormulaireDef(
    id="sollicitation",
    titre="Sollicitation",
    facultatif_tu=True,
    champs=(Champ("texte", "Votre message", genre="texte_long", longueur_max=2000),),
)
DEPOT_FICHIER = FormulaireDef(
    id="depot_fichier",
    titre="Déposer un fichier",
    champs=(
        Champ(
            "fichier",
            "Fichier de la facture",
            genre="fichier",
            obligatoire=True,
            aide="PDF, UBL, CII ou Factur-X. Ce qui y est lu est gardé, jamais le fichier.",
            longueur_max=2000,
            phrase_vide="Choisissez le fichier de votre facture.",
            contenu=True,
        ),
        Champ(
            "mode",
            "Comment le lire",
            genre="choix",
            obligatoire=True,
            aide="Un Factur-X se dépose comme un fichier de données : seul un PDF ordinaire se lit par reconnaissance.",
            choix=(
                ("donnees", "Fichier de données (UBL, CII ou Factur-X)"),
                ("pdf", "PDF ordinaire, lu par reconnaissance de caractères"),
            ),
            phrase_vide="Dites si c’est un fichier de données ou un PDF ordinaire.",
        ),
        Champ(
            "cadre",
            "Cadre de facturation, pour un PDF",
            genre="choix",
            choix="cadres_fournisseur",
            aide="Un fichier de données porte le sien.",
        ),
    ),
)
DEPOT_LOT = FormulaireDef(
    id="depot_lot",
    titre="Déposer un lot",
    champs=(
        Champ(
            "archive",
            "Archive des factures",
            genre="fichier",
            obligatoire=True,
            aide="Un fichier .zip ou .tar.gz qui contient des factures UBL, CII ou Factur-X. "
            "Ce qui y est lu est gardé, jamais l’archive.",
            longueur_max=2000,
            phrase_vide="Choisissez l’archive de vos factures.",
            contenu=True,
        ),
    ),
)

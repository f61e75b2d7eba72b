"""The fields of an account, of a structure and of who belongs to it."""

from __future__ import annotations

from dataclasses import replace

from facturier.champs.fiches import Champ, FormulaireDef

COURRIEL = Champ(
    "courriel",
    "Adresse de connexion",
    genre="courriel",
    obligatoire=True,
    aide="Une vraie boîte, que vous lisez et qui durera : elle reçoit le lien d’activation et les codes de connexion.",
    exemple="camille@exemple.fr",
    longueur_max=254,
    phrase_vide="Indiquez l’adresse électronique qui vous servira d’identifiant.",
)
PRENOM = Champ("prenom", "Prénom", obligatoire=True, longueur_max=100, phrase_vide="Indiquez votre prénom.")
NOM = Champ("nom", "Nom", obligatoire=True, longueur_max=100, phrase_vide="Indiquez votre nom.")
TELEPHONE = Champ("telephone", "Téléphone", exemple="01 99 00 12 34", longueur_max=30)
CONTACT = Champ(
    "contact",
    "Adresse de contact",
    genre="courriel",
    aide="Là où arrivent les notifications de facturation. Vide : la même que l’adresse de connexion.",
    longueur_max=254,
)
COMPTE = FormulaireDef(
    id="compte_creer",
    titre="Créer un compte",
    champs=(
        PRENOM,
        NOM,
        COURRIEL,
        TELEPHONE,
        CONTACT,
        Champ(
            "conditions",
            "J’accepte les conditions d’utilisation",
            genre="oui",
            obligatoire=True,
            longueur_max=3,
            phrase_vide="Cochez la case pour continuer.",
        ),
    ),
)
MOT_DE_PASSE = FormulaireDef(
    id="mot_de_passe",
    titre="Mot de passe",
    champs=(
        Champ(
            "mot_de_passe",
            "Mot de passe",
            genre="secret",
            obligatoire=True,
            aide="Inventez-en un pour l’exercice. Il n’est gardé nulle part.",
            longueur_max=200,
            phrase_vide="Choisissez un mot de passe.",
        ),
        Champ(
            "confirmation",
            "Le même, une seconde fois",
            genre="secret",
            obligatoire=True,
            longueur_max=200,
            phrase_vide="Tapez le mot de passe une seconde fois.",
        ),
    ),
)
CONNEXION = FormulaireDef(
    id="connexion",
    titre="Se connecter",
    facultatif_tu=True,
    champs=(
        replace(COURRIEL, aide="Celle de votre compte. Votre mot de passe n’est pas redemandé ici."),
        Champ(
            "code",
            "Code reçu par courriel",
            obligatoire=True,
            aide="« Recevoir un code », lisez-le dans la boîte aux lettres, puis recopiez-le ici.",
            longueur_max=20,
            phrase_vide="Demandez un code, lisez-le dans la boîte aux lettres, puis recopiez-le.",
        ),
    ),
)
PROFIL = FormulaireDef(id="profil", titre="Mon compte", champs=(PRENOM, NOM, TELEPHONE, CONTACT))
ADRESSE = FormulaireDef(id="compte_adresse", titre="Changer mon adresse de connexion", champs=(COURRIEL,))

SIRET = Champ(
    "siret",
    "SIRET de votre établissement",
    genre="siret",
    obligatoire=True,
    aide="Le vôtre. Celui du client ne sert qu’au moment de facturer.",
    longueur_max=20,
    phrase_vide="Indiquez les 14 chiffres du SIRET de votre établissement.",
)
STRUCTURE = FormulaireDef(
    id="structure_creer",
    titre="Créer une structure",
    champs=(
        SIRET,
        Champ("nom", "Raison sociale", obligatoire=True, longueur_max=99, phrase_vide="Indiquez le nom."),
    ),
)
FICHE_STRUCTURE = FormulaireDef(
    id="structure",
    titre="Ma structure",
    champs=(
        Champ("adresse", "Adresse", longueur_max=200),
        Champ("telephone", "Téléphone", longueur_max=30),
    ),
)
COORDONNEES = FormulaireDef(
    id="coordonnees",
    titre="Coordonnées bancaires",
    champs=(
        Champ(
            "iban",
            "IBAN",
            genre="iban",
            obligatoire=True,
            aide="Recopiez celui de votre relevé d’identité bancaire.",
            longueur_max=42,
            phrase_vide="Indiquez l’IBAN du compte à créditer.",
        ),
        Champ(
            "titulaire",
            "Titulaire du compte",
            obligatoire=True,
            longueur_max=99,
            phrase_vide="Indiquez au nom de qui est le compte.",
        ),
        Champ(
            "affactureur",
            "La créance est cédée à un affactureur",
            genre="oui",
            aide="Seulement si une société d’affacturage a racheté vos factures et sera payée à votre place.",
            longueur_max=3,
        ),
    ),
)
SERVICE = FormulaireDef(
    id="service_creer",
    titre="Créer un service",
    champs=(
        Champ("code", "Code du service", obligatoire=True, longueur_max="code_service", phrase_vide="Donnez un code."),
        Champ("libelle", "Nom du service", obligatoire=True, longueur_max=99, phrase_vide="Donnez un nom."),
    ),
)
RATTACHEMENT = FormulaireDef(
    id="rattachement_demander",
    titre="Demander un rattachement",
    champs=(
        Champ(
            "siret",
            "SIRET de la structure",
            genre="siret",
            obligatoire=True,
            aide="Celui de votre entreprise, déjà créée par un collègue.",
            longueur_max=20,
            phrase_vide="Indiquez le SIRET de la structure à rejoindre.",
        ),
    ),
)
REFUS = FormulaireDef(
    id="rattachements",
    titre="Rattachements et habilitations",
    champs=(Champ("motif", "Motif d’un refus", aide="La personne le lira.", longueur_max=300),),
)

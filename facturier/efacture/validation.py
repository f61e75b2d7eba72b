"""Validating a file: safe reading, container, XSD (all errors), Schematron, the kit's own rules. The verdict is only
ever given by rules that really ran; an engine that fails says ``erreur_moteur``. A faulty structure stops nothing by
itself: the rules that can still be played on it are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from facturier import __version__
from facturier.efacture import canaux, chorus, conteneur, controles, lecture, moteur, phrases, schema, termes
from facturier.efacture import jeux as catalogue
from facturier.efacture.jeux import Feuille, JeuDeRegles
from facturier.efacture.resultat import Canal, Constat, FormatLu, Gravite, Mention, Resultat, Verdict, borner
from facturier.erreurs import ErreurMoteur

_AVERTISSEMENTS = frozenset({"warning", "information", "info"})


@dataclass
class _Dossier:
    """What is known of the file as the stages go."""

    fichier: str
    format: FormatLu = "inconnu"
    profil: str | None = None
    canal: Canal | None = None
    jeux: list[JeuDeRegles] = field(default_factory=list)
    constats: list[Constat] = field(default_factory=list)
    envoi: tuple[Mention, ...] = ()

    def rendre(self, verdict: Verdict | None = None) -> Resultat:
        if verdict is None:
            verdict = "invalide" if any(c.gravite == "erreur" for c in self.constats) else "valide"
        return Resultat(
            self.fichier,
            self.format,
            self.profil,
            self.canal,
            tuple(self.jeux),
            verdict,
            borner(self.constats),
            self.envoi,
        )


def valider(chemin: Path | str, jeux: str | None = "auto") -> Resultat:
    """Judge one file. ``jeux``: one or several names of ``jeux.CHOIX``, joined by commas.

    Raises:
        ErreurFacturier: the rule set asked for does not exist (never about the file itself).
    """
    choisis = catalogue.choisir(jeux)
    dossier = _Dossier(str(chemin))
    try:
        _juger(dossier, lecture.lire_octets(Path(chemin)), choisis)
    except lecture.Illisible as refus:
        dossier.constats.append(refus.constat)
        return dossier.rendre("illisible")
    except ErreurMoteur as panne:
        dossier.constats.append(Constat("MOTEUR", "erreur", panne.phrase, message_officiel=_cause(panne)))
        return dossier.rendre("erreur_moteur")
    except Exception as panne:  # noqa: BLE001 - a fault of ours on one file must not cost the others their verdicts
        phrase = f"Une panne de notre fait ({type(panne).__name__}) a arrêté le contrôle : ce fichier n’est pas jugé."
        dossier.constats.append(Constat("MOTEUR", "erreur", phrase, message_officiel=str(panne)[:500]))
        return dossier.rendre("erreur_moteur")
    return dossier.rendre()


def valider_fichiers(chemins: Iterable[Path | str], jeux: str | None = "auto") -> list[Resultat]:
    """Judge several files with one engine, in the order given; a bad file never stops the others."""
    return [valider(chemin, jeux) for chemin in chemins]


def _juger(dossier: _Dossier, contenu: bytes, choisis: frozenset[str]) -> None:
    ouvert: conteneur.ConteneurLu | None = None
    if lecture.est_pdf(contenu):
        ouvert = conteneur.ouvrir(contenu)
        dossier.jeux.append(JeuDeRegles("Conteneur PDF/A-3 (règles du kit)", f"facturier {__version__}"))
        if ouvert.xml is None:
            dossier.constats.extend(ouvert.constats)
            return
        dossier.format = "facturx"
        contenu = ouvert.xml
    lu = lecture.lire_xml(contenu)
    if lu.format == "zugferd1":
        _juger_zugferd1(dossier, lu.racine)
        return
    if ouvert is None:
        dossier.format = lu.format
    dossier.canal = canaux.canal(lu.racine, lu.format)
    dossier.envoi = chorus.lire_envoi(lu.racine, lu.format)
    if ouvert is not None:
        dossier.constats.extend(ouvert.constats_pour(dossier.canal))
        if lu.format != "cii":
            dossier.constats.append(
                Constat("PDF-CII", "erreur", "Le XML joint n’est pas au format CII, le seul que Factur-X admet.")
            )
    _juger_xml(dossier, lu.racine, lu.format, choisis, ouvert.profil_xmp if ouvert is not None else None)


def _juger_zugferd1(dossier: _Dossier, racine: etree._Element) -> None:
    """ZUGFeRD 1.0 came before the norm: its structure is checked, and the file cannot be taken as an invoice today."""
    guide = racine.xpath("string((.//*[local-name()='GuidelineSpecifiedDocumentContextParameter']/*)[1])")
    if dossier.format == "inconnu":
        dossier.format = "cii"
    dossier.profil = f"ZUGFeRD 1.0 {lecture.texte_court(str(guide)).rsplit(':', 1)[-1].upper()}".rstrip()
    dossier.constats.append(chorus.ZUGFERD_1)
    dossier.constats.extend(_controler_xsd(dossier, racine, catalogue.xsd_zugferd1()))


def _juger_xml(
    dossier: _Dossier,
    racine: etree._Element,
    syntaxe: termes.Syntaxe,
    choisis: frozenset[str],
    profil_annonce: str | None,
) -> None:
    bt24 = termes.texte(racine, syntaxe, "BT-24") or ""
    xsd, feuilles, niveaux = _regles(dossier, racine, syntaxe, bt24, choisis)
    ecart = conteneur.controler_profil(profil_annonce, dossier.profil, niveaux)
    if ecart is not None:
        dossier.constats.append(ecart)
    du_schema = _controler_xsd(dossier, racine, xsd)
    du_schema = du_schema or controles.dates_illisibles(racine, syntaxe)
    dossier.constats.extend(du_schema)
    if "historique" in choisis and dossier.canal != "chorus_historique":
        dossier.constats.append(chorus.NON_HISTORIQUE)
    metier: list[Constat] = []
    panne: moteur.FeuilleArretee | None = None
    noeud = moteur.preparer(racine) if feuilles else None
    for feuille in feuilles:
        dites = {(constat.regle, constat.gravite) for constat in metier}  # a Factur-X profile repeats the rules of CEN
        try:
            trouves = _controler_schematron(dossier, feuille, racine, syntaxe, noeud)
        except moteur.FeuilleArretee as arret:
            if not du_schema:
                panne = panne or arret  # no verdict, but what the other rules find may say why
                continue
            trouves = [_non_jouee(feuille, arret)]
        metier.extend(c for c in trouves if c.regle == "XSD-SUITE" or not dites & _au_moins(c))
    for jeu in chorus.applicables(choisis, dossier.canal, racine, syntaxe):
        dossier.jeux.append(jeu.jeu)
        metier.extend(chorus.controler(jeu, racine, syntaxe))
    metier.extend(controles.dates_impossibles(racine, syntaxe, [*du_schema, *metier]))
    metier.extend(controles.balises_vides(racine, dossier.canal, du_schema))
    repli = any(feuille.retenir is not None for feuille in feuilles)
    dossier.constats.extend(_sans_doublons(metier, repli=repli))
    if panne is not None:
        raise panne


def _au_moins(constat: Constat) -> set[tuple[str, Gravite]]:
    """The same rule, said as gravely or more: what CEN only warns of may be an error of the Factur-X profile."""
    return {(constat.regle, "erreur"), (constat.regle, constat.gravite)}


def _non_jouee(feuille: Feuille, arret: moteur.FeuilleArretee) -> Constat:
    """The schema has said what is wrong; a stylesheet written for sound files stopped on it, and gives no finding."""
    return Constat(
        "XSD-SUITE",
        "information",
        f"Les règles «\u00a0{feuille.nom}\u00a0» n’ont pas pu être contrôlées sur cette structure\u00a0: "
        "corrigez d’abord ce que dit le schéma (XSD), puis validez le fichier à nouveau.",
        message_officiel=_cause(arret),
    )


def _regles(
    dossier: _Dossier, racine: etree._Element, syntaxe: termes.Syntaxe, bt24: str, choisis: frozenset[str]
) -> tuple[Path, tuple[Feuille, ...], frozenset[str]]:
    """The XSD and the stylesheets that the profile and the request ask for, and the names that the profile has in a
    PDF. A historic file states the norm at most by courtesy: its rules play there only when they are asked for."""
    jouer = bool(choisis & {"auto", "en16931"})
    if dossier.canal == "chorus_historique":
        annonce = bt24.startswith(catalogue.EN16931)
        jouer = annonce and "en16931" in choisis
        if not annonce or choisis & {"auto", "historique"}:
            dossier.constats.append(chorus.HISTORIQUE_NORME if annonce and not jouer else chorus.HISTORIQUE_DIT)
    if syntaxe == "ubl":
        profil = catalogue.profil_ubl(bt24, etree.QName(racine).localname)
    else:
        profil = catalogue.profil_cii(bt24, dossier.format == "facturx")
    dossier.profil = profil.nom or None
    feuilles = profil.feuilles if jouer else ()
    if "brfr" in choisis or (dossier.canal == "plateforme_agreee" and "auto" in choisis):
        feuilles = (*feuilles, catalogue.feuille_brfr(syntaxe))
    if not profil.connu and dossier.canal != "chorus_historique":
        dossier.constats.extend(_profil_inconnu(dossier, bt24, feuilles))
    return profil.xsd, feuilles, profil.niveaux


def _profil_inconnu(dossier: _Dossier, bt24: str, feuilles: tuple[Feuille, ...]) -> list[Constat]:
    """No official rule has a list of profiles, but for Factur-X: elsewhere an unknown one is told, and the norm judges.
    An absent one is BR-01's to say, where that rule plays."""
    facturx = dossier.format == "facturx"
    if not bt24 and not facturx and dossier.canal != "plateforme_agreee":
        return []
    quoi = f"inconnu\u00a0: «\u00a0{lecture.texte_court(bt24)}\u00a0»" if bt24 else "absent"
    jouees = ", ".join(feuille.nom for feuille in feuilles) or "aucune des règles officielles"
    return [
        Constat(
            "XSD-PROFIL",
            "erreur" if facturx or not bt24 else "avertissement",
            f"Le profil de la facture (BT-24) est {quoi}. Ses règles propres ne sont pas contrôlées\u00a0; "
            f"ont été appliquées\u00a0: {jouees}.",
            terme="BT-24",
        )
    ]


def _controler_xsd(dossier: _Dossier, racine: etree._Element, chemin: Path) -> list[Constat]:
    constats = schema.controler(racine, chemin)
    dossier.jeux.append(JeuDeRegles(f"XSD {chemin.stem}", catalogue.version_porteur()))
    return constats


def _controler_schematron(
    dossier: _Dossier, feuille: Feuille, racine: etree._Element, syntaxe: termes.Syntaxe, prepare: Any
) -> list[Constat]:
    alertes = moteur.executer(feuille.chemin, racine, prepare)
    dossier.jeux.append(feuille.jeu)
    constats: dict[tuple[str, str | None, str], Constat] = {}
    freres: moteur.Freres = {}
    for alerte in alertes:
        regle = phrases.identifiant(alerte.message, alerte.regle)
        if feuille.retenir is not None and not feuille.retenir.fullmatch(regle):
            continue
        noeud = moteur.noeud_vise(racine, alerte.emplacement, freres) if alerte.emplacement else None
        constats.setdefault(
            (regle, alerte.emplacement, alerte.message),
            Constat(
                regle=regle,
                gravite=_gravite(alerte.drapeau),
                phrase=phrases.phrase(regle, alerte.message, racine, syntaxe, noeud, _xpath(alerte.emplacement)),
                message_officiel=alerte.message,
                terme=phrases.terme(alerte.message),
                ligne=_ligne(noeud),
                xpath=_xpath(alerte.emplacement),
            ),
        )
    return list(constats.values())


def _sans_doublons(constats: list[Constat], *, repli: bool) -> list[Constat]:
    """No official id is hidden by another, but where the Factur-X profile stands in for CEN's stylesheet (``repli``):
    there a code is told by the BR-CL borrowed for it. A wrong total is told by BR-CO-15, not by the kit's sum."""
    codes = {_element(c.xpath) for c in constats if repli and c.regle.startswith("BR-CL-")}
    somme = any(c.regle == "BR-CO-15" for c in constats)
    return [
        c
        for c in constats
        if not (c.regle.startswith("FX-") and _element(c.xpath) in codes)
        and not (somme and c.regle == "CPRO-HIST-TOTAL")
    ]


def _element(xpath: str | None) -> str | None:
    return xpath.split("/@", 1)[0] if xpath else None


def _gravite(drapeau: str | None) -> Gravite:
    """The stylesheet's severity, kept: only what it calls a warning is one."""
    return "avertissement" if (drapeau or "fatal").lower() in _AVERTISSEMENTS else "erreur"


def _ligne(noeud: etree._Element | None) -> int | None:
    ligne: Any = noeud.sourceline if noeud is not None else None
    return ligne if isinstance(ligne, int) else None


def _xpath(emplacement: str | None) -> str | None:
    """The location without namespace tests: short enough to be read."""
    return re.sub(r"\*:|\[namespace-uri\(\)='[^']*'\]", "", emplacement) if emplacement else None


def _cause(panne: ErreurMoteur) -> str | None:
    return str(panne.__cause__)[:500] if panne.__cause__ is not None else None

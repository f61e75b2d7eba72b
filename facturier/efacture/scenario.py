"""Scenarios (``data/scenarios/*.toml``): parties, market, invoice, wanted faults, expected findings.

A scenario names only codes that the referentiel knows. Whatever is wrong in the file is refused with one French
sentence naming the file and the field. A scenario may take another's invoice (``base``) and change sections of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from facturier.efacture.accidents import ACCIDENTS, Accident
from facturier.efacture.champs_toml import Section, refus
from facturier.efacture.ecriture import FORMATS, FORMATS_DU_PROFIL, Format
from facturier.efacture.resultat import Verdict
from facturier.efacture.scenario_facture import lire_facture
from facturier.erreurs import ErreurFacturier
from facturier.facture import Facture

Action = Literal["remplacer", "vider", "supprimer", "qualifier", "doubler"]
"""``vider`` empties the element; ``qualifier`` changes an attribute; ``doubler`` writes the element a second time."""
Rayon = Literal["juste", "une-faute", "a-l-arrivee"]
_TAILLE_MAX = 256 * 1024
_BASES_MAX = 4
_PROPRES = frozenset(
    {"schema", "titre", "recit", "base", "sans", "formats", "erreur", "accident", "verdict", "portail", "annuaire"}
    | {"faute", "attendu"}
)
"""What a scenario never takes from its base."""


@dataclass(frozen=True)
class Faute:
    """One change made to the written XML."""

    terme: str
    action: Action
    valeur: str
    contient: str
    attribut: str


@dataclass(frozen=True)
class Attendu:
    """A finding that the validator must give, in these formats."""

    regle: str
    formats: tuple[Format, ...]


@dataclass(frozen=True)
class Scenario:
    """A written scenario: the invoice, and what is wanted of the files made from it.

    ``erreur`` is the row of the trainees' common errors that the file shows, with or without a rule to see it;
    ``portail`` the codes by which the practice portal refuses the same demand, which it judges with its directory;
    ``annuaire`` the rules that the validator adds when it is given that directory.
    """

    slug: str
    titre: str
    recit: str
    base: str
    cadre: str
    facture: Facture
    fautes: tuple[Faute, ...]
    accident: Accident | None
    erreur: str
    verdict: Verdict
    portail: tuple[str, ...]
    annuaire: tuple[str, ...]
    attendus: tuple[Attendu, ...]
    formats: tuple[Format, ...]

    @property
    def rayon(self) -> Rayon:
        """Shelf of the library: right, wrong in one way, wrong before any rule is asked."""
        if self.accident is not None:
            return "a-l-arrivee"
        return "une-faute" if self.fautes or self.erreur or self.annuaire or self.verdict != "valide" else "juste"

    def attendu_pour(self, format: Format) -> tuple[str, ...]:
        """Sorted rule ids expected in one format."""
        return tuple(sorted({attendu.regle for attendu in self.attendus if format in attendu.formats}))


def lire(chemin: Path) -> Scenario:
    """Read one scenario.

    Raises:
        ErreurFacturier: ``scenario-illisible`` or ``scenario-refuse``; the sentence names the file and the field.
    """
    brut = _charger(chemin)
    racine = Section(chemin, "", _avec_base(chemin, brut))
    if racine.entier("schema") != 1:
        raise refus(chemin, "schema", "cette version du format de scénario est inconnue (1 est attendu)")
    titre, recit, base = racine.texte("titre"), racine.texte("recit"), racine.texte("base", facultatif=True)
    racine.textes("sans", facultatif=True)
    erreur = racine.texte("erreur", facultatif=True)
    accident = racine.code("accident", set(ACCIDENTS)) if racine.texte("accident", facultatif=True) else None
    fautes = tuple(_faute(section) for section in racine.sections("faute"))
    cadre, facture = lire_facture(racine, chemin)
    formats = _formats(racine, chemin, "formats", FORMATS_DU_PROFIL[facture.profil])
    attendus = tuple(_attendu(section, chemin, formats) for section in racine.sections("attendu"))
    verdict = racine.code("verdict", set(get_args(Verdict))) if racine.texte("verdict", facultatif=True) else ""
    portail = racine.textes("portail", facultatif=True)
    annuaire = racine.textes("annuaire", facultatif=True)
    racine.fini()
    return Scenario(
        slug=chemin.stem,
        titre=titre,
        recit=recit,
        base=base,
        cadre=cadre,
        facture=facture,
        fautes=fautes,
        accident=accident,  # type: ignore[arg-type]  # checked by code() above
        erreur=erreur,
        verdict=verdict or ("invalide" if attendus else "valide"),  # type: ignore[arg-type]  # idem
        portail=portail,
        annuaire=annuaire,
        attendus=attendus,
        formats=formats,
    )


def lire_tous(dossier: Path) -> tuple[Scenario, ...]:
    """Every scenario of a folder, in the order of the file names."""
    return tuple(lire(chemin) for chemin in sorted(dossier.glob("*.toml")))


def _charger(chemin: Path) -> dict[str, Any]:
    try:
        if chemin.stat().st_size > _TAILLE_MAX:
            raise _illisible(chemin, "le fichier est démesuré")
        return tomllib.loads(chemin.read_text(encoding="utf-8"))
    except OSError as cause:
        raise _illisible(chemin, "le fichier est introuvable ou ne s’ouvre pas") from cause
    except UnicodeDecodeError as cause:
        raise _illisible(chemin, "le fichier n’est pas en UTF-8") from cause
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise _illisible(chemin, f"ce n’est pas du TOML ({cause})") from cause


def _avec_base(chemin: Path, brut: dict[str, Any], rang: int = 0) -> dict[str, Any]:
    """The tables of the base, with this scenario's own put over them and those of ``sans`` taken away."""
    base = brut.get("base")
    if not isinstance(base, str) or not base:
        return brut
    voisin = chemin.parent / f"{base}.toml"
    if not base.isidentifier() or base == chemin.stem or not voisin.is_file():
        raise refus(chemin, "base", f"aucun autre scénario ne s’appelle «\u00a0{base}\u00a0»")
    modele = _charger(voisin)
    if rang >= _BASES_MAX or modele.get("faute"):
        raise refus(chemin, "base", f"«\u00a0{base}\u00a0» est un scénario faux ou lui-même tiré de trop d’autres")
    fond = {cle: valeur for cle, valeur in _avec_base(voisin, modele, rang + 1).items() if cle not in _PROPRES}
    for retire in brut.get("sans", ()):
        _retirer(fond, str(retire), chemin)
    return _superposer(fond, brut)


def _retirer(fond: dict[str, Any], retire: str, chemin: Path) -> None:
    *parents, dernier = retire.split(".")
    for parent in parents:
        fond = fond.get(parent, {})
    if not isinstance(fond, dict) or dernier not in fond:
        raise refus(chemin, "sans", f"le scénario de base n’a pas «\u00a0{retire}\u00a0»")
    del fond[dernier]


def _superposer(fond: dict[str, Any], dessus: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged; anything else (a list of lines, say) is replaced whole."""
    reunis = dict(fond)
    for cle, valeur in dessus.items():
        dessous = fond.get(cle)
        if isinstance(dessous, dict) and isinstance(valeur, dict):
            valeur = _superposer(dessous, valeur)
        reunis[cle] = valeur
    return reunis


def _faute(section: Section) -> Faute:
    action = section.code("action", set(get_args(Action)))
    return section.construire(
        Faute,
        terme=section.texte("terme"),
        action=action,
        valeur=section.texte("valeur", facultatif=action not in ("remplacer", "qualifier")),
        contient=section.texte("contient", facultatif=True),
        attribut=section.texte("attribut", facultatif=action != "qualifier"),
    )


def _attendu(section: Section, chemin: Path, formats: tuple[Format, ...]) -> Attendu:
    propres = _formats(section, chemin, section.nom("formats"), formats)
    return section.construire(Attendu, regle=section.texte("regle"), formats=propres)


def _formats(section: Section, chemin: Path, nom: str, admis: tuple[Format, ...]) -> tuple[Format, ...]:
    voulus = section.textes("formats", facultatif=True) or admis
    inconnus = [f for f in voulus if f not in admis]
    if inconnus:
        raise refus(chemin, nom, f"le format «\u00a0{inconnus[0]}\u00a0» est inconnu ou exclu ici ({', '.join(admis)})")
    return tuple(f for f in FORMATS if f in voulus)


def _illisible(chemin: Path, quoi: str) -> ErreurFacturier:
    return ErreurFacturier(f"Le scénario {chemin.name} ne peut pas être lu : {quoi}.", code="scenario-illisible")

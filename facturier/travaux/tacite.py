"""The tacit procedure (CCAG-Travaux 2021, 12.4.4): open or not, condition by condition, on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from facturier import referentiel
from facturier.delais import Echeance, Etape, echeance
from facturier.delais.calendrier import ajouter_jours
from facturier.delais.etapes import en_date, etape
from facturier.referentiel.socle import Fiabilite
from facturier.travaux.marche import refus

EtatTacite = Literal["en attente", "ouverte", "en cours", "acquise", "fermée"]
"""Waiting for the buyer's delay; the titulaire may act; the silence runs; DGD tacit; closed by a condition."""


@dataclass(frozen=True)
class FaitsTacites:
    """What happened, with its dates; None is what has not happened.

    ``recu_moe`` and ``recu_moa``: the titulaire's project of final décompte, ``chorus_pro`` whether it went through it.
    ``general_notifie``: the buyer's general décompte. ``projet_recu_moa``, ``projet_copie_moe``: the titulaire's own
    project of general décompte, ``projet_signe`` whether it was signed.
    """

    chorus_pro: bool
    recu_moe: date | None = None
    recu_moa: date | None = None
    general_notifie: date | None = None
    projet_recu_moa: date | None = None
    projet_copie_moe: date | None = None
    projet_signe: bool = True


@dataclass(frozen=True)
class Condition:
    """A condition of the procedure: kept, broken, or (None) not decided yet; why, by which text, how sure."""

    code: str
    libelle: str
    remplie: bool | None
    explication: str
    source: str
    fiabilite: Fiabilite
    precision: str = ""


@dataclass(frozen=True)
class Tacite:
    """Where the procedure stands, its conditions in order, its two deadlines once they are known.

    ``depart_paiement``: the day from which the payment delay of the balance runs, once the DGD is tacit.
    """

    etat: EtatTacite
    conditions: tuple[Condition, ...]
    notification: Echeance | None
    reponse: Echeance | None
    depart_paiement: date | None
    etapes: tuple[Etape, ...]

    @property
    def manquantes(self) -> tuple[Condition, ...]:
        """The conditions that close the procedure."""
        return tuple(c for c in self.conditions if c.remplie is False)


def tacite(faits: FaitsTacites, au: date) -> Tacite:
    """The tacit procedure on the day ``au``; facts dated later are not known yet.

    Raises:
        ErreurFacturier: ``dates-incoherentes`` when the project of general décompte comes before the final one.
    """
    remises = (faits.recu_moe, faits.recu_moa)
    recu_moe, recu_moa, general, projet, copie = (
        jour if jour is not None and jour <= au else None
        for jour in (*remises, faits.general_notifie, faits.projet_recu_moa, faits.projet_copie_moe)
    )
    premiere = min((j for j in remises if j is not None), default=None)
    if faits.projet_recu_moa is not None and premiere is not None and faits.projet_recu_moa < premiere:
        raise refus(
            "Le projet de décompte général précède le projet de décompte final : vérifiez ces dates.",
            "dates-incoherentes",
        )
    attente = None
    if recu_moe is not None and recu_moa is not None:
        attente = echeance("moa-decompte-general", max(recu_moe, recu_moa))
    limite = attente.limite if attente else None
    silence = echeance("moa-procedure-tacite", projet) if projet is not None else None
    fin = silence.limite if silence else None
    conditions = (
        _condition("tacite-chorus-pro", faits.chorus_pro, "oui" if faits.chorus_pro else "il a été remis autrement"),
        _remises(recu_moe, recu_moa, projet),
        _ecoule(limite, au),
        _sans_general(general, projet, au, limite),
        _premature(projet, limite),
        _condition("tacite-signe", faits.projet_signe if projet else None, _oui(faits.projet_signe, projet)),
        _copie(copie, projet, fin, au),
        _silence(general, projet, fin, au),
    )
    etat = _etat(conditions, projet)
    depart = ajouter_jours(fin, 1) if etat == "acquise" and fin is not None else None
    etapes = [*(attente.etapes if attente else ()), *(silence.etapes if silence else ())]
    if depart is not None and fin is not None:
        etapes.append(etape("tacite-paiement", f"{en_date(fin)} + 1 jour", en_date(depart)))
    return Tacite(etat, conditions, attente, silence, depart, tuple(etapes))


def _etat(conditions: tuple[Condition, ...], projet: date | None) -> EtatTacite:
    par_code = {c.code: c.remplie for c in conditions}
    if False in par_code.values():
        return "fermée"
    if projet is not None:
        return "acquise" if None not in par_code.values() else "en cours"
    return "ouverte" if par_code["tacite-delai-ecoule"] else "en attente"


def _condition(code: str, remplie: bool | None, explication: str) -> Condition:
    regle = referentiel.regle_calcul(code)
    return Condition(code, regle.objet, remplie, explication, regle.source, regle.fiabilite, regle.precision)


def _oui(fait: bool, projet: date | None) -> str:
    if projet is None:
        return "pas encore remis"
    return "oui" if fait else "non"


def _remises(recu_moe: date | None, recu_moa: date | None, projet: date | None) -> Condition:
    qui = (("la maîtrise d’œuvre", recu_moe), ("la maîtrise d’ouvrage", recu_moa))
    manque = [nom for nom, jour in qui if jour is None]
    if not manque:
        explication = " ; ".join(f"{nom} : {en_date(jour)}" for nom, jour in qui if jour is not None)
        return _condition("tacite-deux-remises", True, explication)
    return _condition(
        "tacite-deux-remises", False if projet is not None else None, f"pas reçu par {' ni par '.join(manque)}"
    )


def _ecoule(limite: date | None, au: date) -> Condition:
    if limite is None:
        return _condition("tacite-delai-ecoule", None, "le délai n’a pas commencé")
    fini = au > limite
    return _condition(
        "tacite-delai-ecoule",
        True if fini else None,
        f"{'écoulé depuis le' if fini else 'il court jusqu’au'} {en_date(limite)}",
    )


def _sans_general(general: date | None, projet: date | None, au: date, limite: date | None) -> Condition:
    if general is not None and (projet is None or general <= projet):
        return _condition("tacite-sans-general", False, f"notifié le {en_date(general)}")
    if projet is not None or (limite is not None and au > limite):
        return _condition("tacite-sans-general", True, "aucun")
    return _condition("tacite-sans-general", None, "aucun à ce jour")


def _premature(projet: date | None, limite: date | None) -> Condition:
    if projet is None:
        return _condition("tacite-pas-premature", None, "pas encore remis")
    if limite is None:
        return _condition("tacite-pas-premature", False, "remis avant que le délai de l’acheteur ait commencé")
    return _condition(
        "tacite-pas-premature",
        projet > limite,
        f"remis le {en_date(projet)}, le délai de l’acheteur finissant le {en_date(limite)}",
    )


def _copie(copie: date | None, projet: date | None, fin: date | None, au: date) -> Condition:
    if projet is None or fin is None:
        return _condition("tacite-copie-moe", None, "pas encore remis")
    if copie is not None and copie <= fin:
        return _condition("tacite-copie-moe", True, f"copie reçue le {en_date(copie)}")
    return _condition("tacite-copie-moe", False if au > fin else None, "la copie manque")


def _silence(general: date | None, projet: date | None, fin: date | None, au: date) -> Condition:
    if projet is None or fin is None:
        return _condition("tacite-silence", None, "pas encore de projet de décompte général")
    if general is not None and projet < general <= fin:
        return _condition("tacite-silence", False, f"décompte général notifié le {en_date(general)}")
    fini = au > fin
    return _condition(
        "tacite-silence", True if fini else None, f"{'silence' if fini else 'le délai court'} jusqu’au {en_date(fin)}"
    )

"""``facturier portail``: the shared portal of a class, served until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from facturier.erreurs import ErreurFacturier

if TYPE_CHECKING:
    from facturier.registre import RegistreClasse
    from facturier.serveur.lancement import Ecoute
    from facturier.session import Session

BASE = Path("build/portail")


def portail(
    ecoute: Ecoute,
    base: str,
    seance: Path | None,
    marche: str,
    situation: str | None,
    emettre: Callable[[Any], None] | None,
    bascules: Mapping[str, str] | None = None,
) -> int:
    """Open the store, serve the class, say where; the exit status once it is stopped."""
    from facturier import session
    from facturier.portail import Annuaire
    from facturier.serveur import Animateurs, Classe
    from facturier.serveur.lancement import servir

    if (ecoute.certificat is None) != (ecoute.cle is None):
        raise ErreurFacturier("--certificat et --cle vont ensemble : donnez les deux.", code="certificat-refuse")
    lue = session.lire(seance) if seance is not None else None
    registre = _registre(base, lue)
    try:
        classe = Classe(
            registre,
            Annuaire.charger(),
            marche=marche,
            situation=situation,
            attendus=lue.apprenants if lue else (),
            bascules=bascules,
        )
    except BaseException:
        registre.fermer()
        raise

    def pret(adresse: str) -> None:
        visible = _visible(adresse)
        lien = f"{visible}/animateur/entrer?jeton={animateurs.lien()}"
        if emettre is not None:
            emettre({"schema": 1, "adresse": visible, "code": classe.code, "animateur": lien, "avis": classe.avis})
        else:
            _dire(visible, classe.code, lien, classe.avis, chiffre=ecoute.certificat is not None)

    try:
        animateurs = Animateurs(registre, classe.ecrivain, classe.horloge)
        servir(classe, animateurs, ecoute, pret)
    finally:
        classe.fermer()
    if emettre is None:
        click.echo("\nLe portail est arrêté. Tout ce qui a été fait est gardé : la même commande le rouvre.")
    return 0


def _registre(base: str, seance: Session | None) -> RegistreClasse:
    from facturier.registre import RegistreClasse

    if "://" in base:
        return RegistreClasse(base)
    return RegistreClasse.fichier(Path(base) if base else BASE / f"{seance.id if seance else 'classe'}.sqlite")


def _visible(adresse: str) -> str:
    """The address as others can type it: a machine that listens everywhere is named by its address on the network."""
    protocole, _, reste = adresse.partition("://")
    hote, _, port = reste.rpartition(":")
    if hote not in ("0.0.0.0", "[::]"):  # noqa: S104 - compared, not listened on
        return adresse
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sonde:
        try:
            sonde.connect(("192.0.2.1", 9))  # a documentation address: nothing is sent, the route alone is looked up
            return f"{protocole}://{sonde.getsockname()[0]}:{port}"
        except OSError:
            return f"{protocole}://127.0.0.1:{port}"


def _dire(adresse: str, code: str, lien: str, avis: list[str], *, chiffre: bool) -> None:
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    console = Console()
    texte = Text.assemble(
        "Adresse du portail : ",
        (adresse, "bold"),
        "\nCode de la classe : ",
        (code, "bold"),
        "\n\nChaque apprenant ouvre l’adresse dans son navigateur et tape le code.\nOu, dans son carnet :\n",
        f'lecon.rejoindre("{adresse}", "{code}", "Prénom")',
    )
    console.print(Panel(texte, title="Portail de la classe", expand=False))
    console.print("Page de l’animateur (ce lien sert une fois, dans la demi-heure) :", markup=False)
    console.print(lien, markup=False, soft_wrap=True)
    if not chiffre and "127.0.0.1" not in adresse:
        console.print(
            "Sans certificat, ce qui circule n’est pas chiffré : réservez cela à un réseau de salle, ou donnez "
            "--certificat et --cle.",
            markup=False,
        )
    for phrase in avis:
        console.print(f"• {phrase}", markup=False, highlight=False)
    console.print("Ctrl + C arrête le portail.", markup=False)

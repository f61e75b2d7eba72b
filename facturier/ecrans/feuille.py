"""A sheet: one screen by itself, without portal, menu nor seat (a quiz, a short form, one gesture)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from facturier.ecrans.blocs import Bloc, Cible, Fichier, Message
from facturier.ecrans.ecran import Ecran
from facturier.ecrans.vue import EtatChamp, Vue
from facturier.erreurs import ErreurFacturier

PERDU = "Ce bouton n’est plus sur cette page : rechargez-la, puis recommencez."

GesteDeFeuille = Callable[[Mapping[str, str]], Fichier | None]


class Feuille:
    """What every sheet does; each kind says what it shows and what it answers.

    Attributes:
        statut: what is said at the top, of the last gesture.
        enregistre: what is said at the foot, of the last keeping.
        chercher_autre: asks what is to be said of another version of these answers, "" when there is none.
        focus: the field to go to after a gesture that was stopped.
        tente: a gesture was stopped by what blocks.
    """

    def __init__(self, nom: str, titre: str) -> None:
        self.statut: Message | None = None
        self.enregistre = self.focus = ""
        self.chercher_autre: Callable[[], str] = str
        self.tente = False
        self._ecran = Ecran(nom, titre, lambda _, __: ())

    @property
    def nom(self) -> str:
        """Under which its answers are kept."""
        return self._ecran.id

    # --- what each kind says --------------------------------------------------------------------------------

    def composer(self) -> Sequence[Bloc]:
        """The blocks as they now stand."""
        raise NotImplementedError

    def gestes(self) -> Mapping[str, GesteDeFeuille]:
        """The gestures that it answers now."""
        return {}

    def etats(self) -> Mapping[str, EtatChamp]:
        """The state of its fields."""
        return {}

    def bloquants(self) -> Sequence[tuple[str, str]]:
        """What still blocks: field, sentence."""
        return ()

    def prendre(self, textes: Mapping[str, str]) -> None:
        """Take what was typed in fields that it has."""

    def rouvrir(self) -> None:
        """Read its answers again, as they are kept."""

    def repartir(self) -> None:
        """Start again, blank."""

    # --- what a conversation asks ---------------------------------------------------------------------------

    def vue(self) -> Vue:
        """The sheet as it now stands."""
        statut, blocs = self.statut, ()  # type: tuple[Message | None, Sequence[Bloc]]
        try:
            blocs = self.composer()
        except ErreurFacturier as refus:
            statut = statut or Message("erreur", refus.phrase)
        return Vue(
            ecran=self._ecran,
            lieu=Cible(self._ecran.id),
            titre=self._ecran.titre,
            blocs=blocs,
            champs=self.etats(),
            bloquants=self.bloquants(),
            statut=statut,
            sieges=(),
            siege=None,
            menu=(),
            focus=self.focus,
            tente=self.tente,
            enregistre=self.enregistre,
            autre=self.chercher_autre(),
        )

    def changer(self, champ: str, texte: str) -> None:
        """Take what was typed in a field; an unknown field is not one."""
        self.saisir({champ: texte})

    def saisir(self, textes: Mapping[str, str]) -> None:
        """The same for several fields at once."""
        connus = self.etats()
        neufs = {champ: texte for champ, texte in textes.items() if champ in connus and connus[champ].valeur != texte}
        if neufs:
            self.prendre(neufs)

    def agir(self, geste: str, valeurs: Mapping[str, str] | None = None) -> Fichier | None:
        """Make a gesture; what is refused is said, and nothing typed is lost."""
        self.statut, self.focus = None, ""
        faire = self.gestes().get(geste)
        if faire is None:
            self.statut = Message("erreur", PERDU)
            return None
        try:
            return faire(valeurs or {})
        except ErreurFacturier as refus:
            self.statut = Message("erreur", refus.phrase)
            return None

    def ouvrir(self, cible: Cible) -> None:
        """There is nowhere else to go."""

    def asseoir(self, cle: str) -> None:
        """There is no seat."""

    def joindre(self, champ: str, nom: str, octets: bytes | int) -> None:
        """It takes no file."""

    def retirer(self, champ: str, nom: str) -> None:
        """It has none."""

"""Markets and months drawn by hypothesis, and the hand-made one of the worked example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from facturier.travaux import MarchePrix, PartSousTraitant, Revision, Situation, TermeRevision

D = Decimal
BT01 = Revision(D("0.15"), (TermeRevision("BT01", D("0.85"), D("110")),))

_montants = st.decimals(0, 1_000_000, places=2)


@st.composite
def marches(tirer: st.DrawFn) -> MarchePrix:
    decimales = tirer(st.sampled_from([None, 3, 4]))
    fixe = tirer(st.integers(0, 99))
    termes = [TermeRevision("BT01", D(100 - fixe) / 100, tirer(st.decimals("50", "200", places=1)))]
    pme = tirer(st.booleans())
    return MarchePrix(
        montant_ht=tirer(st.decimals(1_000, 1_000_000, places=2)),
        taux_tva=tirer(st.sampled_from([D("20"), D("10"), D("5.5"), D("8.5")])),
        notification=date(2025, 1, 15),
        duree_mois=tirer(st.integers(1, 36)),
        revision=tirer(st.sampled_from([None, Revision(D(fixe) / 100, tuple(termes), decimales)])),
        avance_taux=D(tirer(st.integers(0, 60))),
        retenue_taux=D(tirer(st.integers(0, 5 if not pme else 3))),
        garantie_substituee=tirer(st.booleans()),
        pme=pme,
        acheteur=tirer(st.sampled_from(["etat", "grand-acheteur", "autre"])),
    )


@st.composite
def suites(tirer: st.DrawFn, croissantes: bool = False) -> tuple[MarchePrix, tuple[Situation, ...]]:
    """A market and up to six months of it, whose cumuls may go down (a maîtrise d'œuvre corrects what it admitted)."""
    marche = tirer(marches())
    parts = tirer(st.lists(st.integers(0, 110), min_size=1, max_size=6))
    jours = sorted(tirer(st.lists(st.integers(0, 400), min_size=len(parts), max_size=len(parts))))
    sous = tirer(st.integers(0, 40))
    situations = []
    for rang, part in enumerate(sorted(parts) if croissantes else parts):
        cumul = (marche.montant_ht * part / 100).quantize(D("0.01"))
        direct = (cumul * sous / 200).quantize(D("0.01"))
        situations.append(
            Situation(
                date(2025, 2 + rang, 1),
                cumul,
                {"BT01": tirer(st.decimals("90", "120", places=1))},
                jours[rang],
                (PartSousTraitant("Toitures Lenoir", direct, D(5000)),) if sous else (),
            )
        )
    return marche, tuple(situations)

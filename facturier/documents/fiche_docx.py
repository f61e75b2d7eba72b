"""The method sheet for a word processor: the same content as the PDF, to go on writing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from facturier.documents.fiche_methode import A_REMPLIR, Fiche, composer

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CASE = "☐ "
_MARGE_CM, _CORPS = 1.5, 9.5


def docx(valeurs: Mapping[str, object], au: date) -> bytes:
    """The sheet in DOCX; its dates are those of ``au``, so that two sheets of the same answers say the same.

    Raises:
        ErreurFacturier: the texts of the sheet cannot be read.
    """
    from docx import Document

    fiche = composer(valeurs, au)
    document = Document()
    _mettre_en_page(document, fiche, datetime.combine(au, time()))
    document.add_heading(fiche.titre, level=1)
    document.add_paragraph(fiche.sous_titre)
    document.add_heading("Mon client", level=2)
    _tableau(document, ("Ce qu’il faut", "Ma réponse"), [(nom, dit or A_REMPLIR) for nom, dit in fiche.carte])
    document.add_heading("Avant de cliquer", level=2)
    for verification in fiche.verifications:
        document.add_paragraph(_CASE + (verification or A_REMPLIR))
    document.add_heading("Le statut, et mon geste", level=2)
    _tableau(document, ("Statut", "Mon geste", "Numéro"), fiche.gestes)
    document.add_paragraph(f"Ce que l’incident d’aujourd’hui m’a appris : {fiche.incident or A_REMPLIR}")
    document.add_heading("L’exercice et le vrai portail", level=2)
    for difference in fiche.differences:
        document.add_paragraph(difference, style="List Bullet")
    document.add_heading("Trois courriels prêts", level=2)
    for courriel in fiche.courriels:
        document.add_heading(courriel.nom, level=3)
        document.add_paragraph().add_run(f"Objet : {courriel.objet}").bold = True
        for paragraphe in courriel.paragraphes:
            document.add_paragraph(paragraphe)
    document.add_heading("Demain", level=2)
    for quoi, qui in fiche.a_faire:
        document.add_paragraph(f"{_CASE}{quoi or A_REMPLIR} Qui, quand : {qui or A_REMPLIR}")
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _mettre_en_page(document: Any, fiche: Fiche, quand: datetime) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGE_CM)
    page.footer.paragraphs[0].text = fiche.pied
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(_CORPS)
    normal.paragraph_format.space_after = Pt(3)
    for langue in document.styles.element.iter(qn("w:lang")):
        langue.set(qn("w:val"), "fr-FR")
    proprietes = document.core_properties
    proprietes.title, proprietes.author, proprietes.language = fiche.titre, "Le Facturier", "fr-FR"
    proprietes.comments = ""
    proprietes.created = proprietes.modified = quand


def _tableau(document: Any, colonnes: Sequence[str], rangees: Sequence[Sequence[str]]) -> None:
    tableau = document.add_table(rows=1, cols=len(colonnes), style="Light Grid Accent 1")
    for cellule, texte in zip(tableau.rows[0].cells, colonnes, strict=True):
        cellule.text = texte
    for rangee in rangees:
        for cellule, texte in zip(tableau.add_row().cells, rangee, strict=True):
            cellule.text = texte

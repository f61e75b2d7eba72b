"""The widget that carries events between a page and a conversation.

anywidget brings ``ecran.js`` and ``ecran.css`` to the page through the kernel: nothing comes from a network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import anywidget

PANNE = "Une erreur du kit empêche d’aller plus loin ici : rechargez la page ; si elle revient, dites-le au formateur."


@cache
def _fichier(nom: str) -> str:
    return (resources.files("facturier.ecrans") / nom).read_text(encoding="utf-8")


class Porteur(anywidget.AnyWidget):
    """The comm between a page and a conversation."""

    def __init__(self, repondre: Callable[[object], dict[str, Any]]) -> None:
        self._esm = _fichier("ecran.js")
        self._css = _fichier("ecran.css")
        super().__init__()
        self._repondre = repondre
        self.on_msg(self._recevoir)

    def _recevoir(self, _: Any, contenu: Any, tampons: Sequence[Any]) -> None:
        if isinstance(contenu, dict) and tampons:
            contenu = {**contenu, "octets": tampons[0]}
        try:
            self.send(self._repondre(contenu))
        except Exception:
            qui = {cle: contenu.get(cle) for cle in ("n", "client")} if isinstance(contenu, dict) else {}
            self.send({"refus": PANNE, "page": None, "ilots": {}, **qui})
            raise

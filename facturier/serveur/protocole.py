"""HTTP read by httptools (uvicorn's fast parser), with the one bound that it lacks: the size of a request's head."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ENTETES_MAX = 32 * 1024
"""Bytes of a request's first line and headers, read or waited for; beyond, the connection is refused and closed."""


class Protocole(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *mots: Any, **nommes: Any) -> None:
        super().__init__(*mots, **nommes)
        self._en_tete = True
        self._recus = 0  # of a head that is not complete yet
        self._lus = 0  # of the head and trailers that are being parsed
        self._finie = False

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        self._finie = False
        super().data_received(data)
        self._recus = self._recus + len(data) if self._en_tete and not self._finie else 0
        if self._recus > ENTETES_MAX and not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """A request starts."""
        self._en_tete, self._lus = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of its first line."""
        self._compter(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer after the body."""
        self._compter(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Its head is read."""
        self._en_tete = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is read whole."""
        self._en_tete, self._finie = True, True
        super().on_message_complete()

    def _compter(self, octets: int) -> None:
        self._lus += octets
        if self._lus > ENTETES_MAX:
            raise ValueError("head too big")  # the parser stops there: uvicorn answers 400 and closes

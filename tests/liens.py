"""Checks that every relative link of the Markdown files leads somewhere (run by ``make verifier``; no network)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LIEN = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def main() -> int:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    fautes = []
    for name in names:
        page = TOP / name
        for numero, ligne in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            for cible in LIEN.findall(ligne):
                chemin = cible.partition("#")[0]
                if not chemin or "://" in chemin or chemin.startswith("mailto:"):
                    continue
                if not (page.parent / chemin).exists():
                    fautes.append(f"{name}:{numero} : le lien « {cible} » ne mène à rien.")
    print("\n".join(fautes) if fautes else f"Liens vérifiés dans {len(names)} pages.")
    return 1 if fautes else 0


if __name__ == "__main__":
    sys.exit(main())

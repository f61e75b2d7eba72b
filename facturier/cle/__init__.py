"""The USB key: the day as pages that open from a folder with nothing but a browser, its files, its proofs."""

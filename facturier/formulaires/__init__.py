"""What a notebook shows: models that know no browser, sheets and screens drawn by ``ecrans``, the memory of the answers."""

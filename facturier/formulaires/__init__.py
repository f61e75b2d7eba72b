"""What a notebook shows: models that know no browser, sheets and screens that ``ecrans`` draws, answers kept."""

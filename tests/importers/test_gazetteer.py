from app.importers.gazetteer import read_places, spellings


def test_kunduz_has_its_local_spellings_and_not_its_airport() -> None:
    kunduz = next(place for place in read_places(15_000) if place.name == "Kunduz")

    assert {"Qunduz", "قندوز", "Kondoz"} <= set(kunduz.alternates)
    assert "UND" not in kunduz.alternates
    assert (kunduz.country, round(kunduz.lon), round(kunduz.lat)) == ("AF", 69, 37)


def test_codes_links_and_repetitions_are_no_spellings() -> None:
    given = ["Aleppo", "ALP", "SYALP", "Halab", "  Halab ", "https://example.org/a", "OSAP", "Q41183", "حلب"]

    assert spellings("Aleppo", given) == ("Halab", "حلب")

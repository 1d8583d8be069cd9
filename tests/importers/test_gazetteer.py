from app.importers.gazetteer import read_places, spellings


def test_kunduz_has_its_local_spellings_and_not_its_airport() -> None:
    kunduz = next(place for place in read_places(15_000) if place.name == "Kunduz")

    assert {"Qunduz", "قندوز", "Kondoz"} <= set(kunduz.alternates)
    assert "UND" not in kunduz.alternates
    assert (kunduz.country, round(kunduz.lon), round(kunduz.lat)) == ("AF", 69, 37)


def test_codes_links_and_repetitions_are_no_spellings() -> None:
    given = ["Aleppo", "ALP", "SYALP", "Halab", "  Halab ", "https://example.org/a", "OSAP", "Q41183", "حلب"]

    assert spellings("Aleppo", given) == ("Halab", "حلب")


def test_the_capital_of_a_country_is_the_largest_of_its_towns_of_that_name() -> None:
    found = {place.country: place for place in read_places(15_000) if place.capital}

    assert {"AF": "Kabul", "CM": "Yaoundé", "CR": "San José", "US": "Washington"}.items() <= {
        country: place.name for country, place in found.items()
    }.items()
    assert found["US"].population > 500_000
    assert len(found) > 190


def test_a_name_in_the_local_script_is_known_where_it_is_plain() -> None:
    found = {(place.country, place.name): place.local for place in read_places(15_000)}

    assert found["SY", "Aleppo"] == "حلب"
    assert found["AF", "Herāt"] == "هرات"
    assert found["IR", "Tehran"] == "تهران"
    assert found["RU", "Irkutsk"] == "Иркутск"
    assert found["CN", "Tianjin"] == "天津"
    assert found["FR", "Lyon"] is None
    # Five languages write Moscow with the same letters, and none of them as English says it.
    assert found["RU", "Moscow"] is None

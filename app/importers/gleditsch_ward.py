"""Gleditsch-Ward country numbers, as UCDP and other conflict data use them, and the countries of today.

Source: K. S. Gleditsch and M. D. Ward (1999), "A revised list of independent states since the congress of Vienna", International
Interactions 25(4), with the additions that UCDP documents for GED (345 for Serbia with Yugoslavia, 678 for Yemen since 1990).
A number stands for a state with the territory it had then. ISO 3166 stands for countries of today. So a number maps to the country
that continues the state, and, for the years in which it held them, to countries that are separate in ISO 3166.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A state of the Gleditsch-Ward list, in terms of today's countries."""

    country: str
    """Alpha-2 of the country that it is, or that continues it."""
    held: tuple[tuple[str, int], ...] = ()
    """Other countries of today (alpha-2) on its territory, and the last year in which they were."""


STILL = 9999
"""Last year of territories that a state of the list holds or claims to this day, while ISO 3166 lists them apart."""

_PLAIN = """
2 US 20 CA 31 BS 40 CU 41 HT 42 DO 51 JM 52 TT 53 BB 54 DM 55 GD 56 LC 57 VC 58 AG 60 KN 70 MX 80 BZ 90 GT 91 HN 92 SV 93 NI 94 CR
95 PA 99 CO 100 CO 101 VE 110 GY 115 SR 130 EC 135 PE 140 BR 145 BO 150 PY 155 CL 160 AR 165 UY 205 IE 211 BE 212 LU 221 MC 223 LI
225 CH 230 ES 232 AD 235 PT 255 DE 260 DE 265 DE 290 PL 300 AT 305 AT 310 HU 315 CZ 316 CZ 317 SK 325 IT 327 VA 331 SM 338 MT 339 AL
341 ME 343 MK 344 HR 346 BA 347 XK 349 SI 350 GR 352 CY 355 BG 359 MD 360 RO 366 EE 367 LV 368 LT 369 UA 370 BY 371 AM 372 GE
373 AZ 375 FI 380 SE 385 NO 390 DK 395 IS 402 CV 403 ST 404 GW 411 GQ 420 GM 432 ML 433 SN 434 BJ 435 MR 436 NE 437 CI 438 GN 439 BF
450 LR 451 SL 452 GH 461 TG 471 CM 475 NG 481 GA 482 CF 483 TD 484 CG 490 CD 500 UG 501 KE 510 TZ 511 TZ 516 BI 517 RW 520 SO 522 DJ
531 ER 540 AO 541 MZ 551 ZM 552 ZW 553 MW 565 NA 570 LS 571 BW 572 SZ 580 MG 581 KM 590 MU 591 SC 615 DZ 616 TN 620 LY
626 SS 630 IR 640 TR 645 IQ 651 EG 652 SY 660 LB 663 JO 670 SA 678 YE 680 YE 690 KW 692 BH 694 QA 696 AE 698 OM 700 AF 701 TM
702 TJ 703 KG 704 UZ 705 KZ 711 CN 712 MN 713 TW 730 KR 731 KP 732 KR 740 JP 750 IN 760 BT 770 PK 771 BD 775 MM 780 LK 781 MV 790 NP
800 TH 811 KH 812 LA 815 VN 816 VN 817 VN 820 MY 830 SG 835 BN 840 PH 860 TL 900 AU 910 PG 920 NZ 935 VU 940 SB 950 FJ
970 KI 971 NR 972 TO 973 TV 983 MH 986 PW 987 FM 990 WS
"""

_SOVIET = ("EE", "LV", "LT", "UA", "BY", "MD", "AM", "GE", "AZ", "TM", "TJ", "KG", "UZ", "KZ")

_WITH_OTHERS = {
    200: State(
        "GB", (("IM", STILL), ("JE", STILL), ("GG", STILL), ("GI", STILL), ("FK", STILL), ("HK", 1997))
    ),
    210: State("NL", (("AW", STILL), ("BQ", STILL), ("CW", STILL), ("SX", STILL))),
    220: State(
        "FR",
        (
            ("GF", STILL),
            ("GP", STILL),
            ("MQ", STILL),
            ("RE", STILL),
            ("YT", STILL),
            ("NC", STILL),
            ("PF", STILL),
        ),
    ),
    # Yugoslavia ends in steps; UCDP codes a new state from its independence, so the last year is the one in which it leaves.
    345: State("RS", (("XK", 2008), ("ME", 2006), ("BA", 1992), ("HR", 1991), ("SI", 1991), ("MK", 1991))),
    365: State("RU", tuple((country, 1991) for country in _SOVIET)),
    # Eritrea until independence in 1993, Namibia until 1990, South Sudan until 2011, East Timor until 2002.
    530: State("ET", (("ER", 1993),)),
    560: State("ZA", (("NA", 1990),)),
    600: State("MA", (("EH", STILL),)),
    625: State("SD", (("SS", 2011),)),
    # The list has no state of Palestine: Gaza and the West Bank are coded under Israel.
    666: State("IL", (("PS", STILL),)),
    710: State("CN", (("HK", STILL), ("MO", STILL))),
    850: State("ID", (("TL", 2002),)),
}

_words = _PLAIN.split()
NUMBERS: dict[int, State] = dict(
    sorted(
        {**{int(n): State(c) for n, c in zip(_words[::2], _words[1::2], strict=True)}, **_WITH_OTHERS}.items()
    )
)
"""By number. Where one country had several (the Germanies, the Yemens, the Vietnams), each leads to it."""


def countries(number: int, year: int) -> tuple[str, ...]:
    """Countries of today (alpha-2) on the territory of a state in a year, the one that continues it first; none for an unknown number.

    >>> countries(625, 2005), countries(625, 2015), countries(12345, 2020)
    (('SD', 'SS'), ('SD',), ())
    """
    state = NUMBERS.get(number)
    if state is None:
        return ()
    return (state.country, *(country for country, last in state.held if year <= last))

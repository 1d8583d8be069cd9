# ruff: noqa: INP001 - a script and its tables lie beside what they make
"""What the boundary files have wrong or leave out, and what we put instead. Read by build_regions.py only.

A polygon of admin1.fgb is named `CC:name`, or `CC:name/NAME IN GEONAMES` (gn_name, empty if it has none) where two share a name.
"""

COUNTRY = {
    # Natural Earth draws these as countries of their own or gives them to another; ISO 3166-1 says otherwise.
    "-1:Cocos (Keeling) Islands": "CC", "-1:Christmas Island": "CX", "-1:Clipperton Island": "FR",
    "-1:Baykonur lease in Qyzylorda": "KZ", "-1:Akrotiri": "GB", "-1:Dhekelia": "GB", "-1:Northern Cyprus": "CY",
    "-1:Somaliland": "SO", "-1:Guantanamo Bay USNB": "CU", "RU:Crimea": "UA", "RU:Sevastopol": "UA",
    # No state holds these without dispute: `ZZ` is left to users by ISO 3166-1 and can never be a country.
    "-1:Spratly Islands": "ZZ", "-1:Kashmir": "ZZ",
    # Countries by ISO 3166-1, subdivisions by Natural Earth.
    "FR:Mayotte": "YT", "FR:La Réunion": "RE", "FR:Guyane française": "GF", "FR:Guadeloupe": "GP", "FR:Martinique": "MQ",
    "NL:Bonaire": "BQ", "NL:Saba": "BQ", "NL:St. Eustatius": "BQ", "NO:Bouvet Island": "BV", "NO:Svalbard": "SJ",
}  # fmt: skip

NAME = {
    "-1:Kashmir": "Siachen Glacier", "PK:F.C.T.": "Islamabad", "PK:F.A.T.A.": "Federally Administered Tribal Areas",
    "GB:Halton/Metropolitan Borough of Wirral": "Wirral", "RU:Moskva": "Moscow", "RU:Moskovsskaya": "Moscow Oblast",
    "HR:Brodsko-Posavska//HR11": "Požeško-slavonska", "UG:Mbarara/Kiruhura District": "Kiruhura", "MW:Chitipa/Karonga District": "Karonga",
    "SY:Dar`a": "Daraa",
    "SY:Aleppo (Halab)": "Aleppo",
    "YE:`Adan": "Aden",
    "YE:Ta`izz": "Taiz",
    "YE:Sa`dah": "Saada",
    "YE:Ma'rib": "Marib",
    "PK:K.P.": "Khyber Pakhtunkhwa",
    "PK:Northern Areas": "Gilgit-Baltistan",
    "PK:Sind": "Sindh",
    "PK:Baluchistan": "Balochistan",
    "EG:Al Isma`iliyah": "Ismailia",
    "EG:Bur Sa`id": "Port Said",
    "JO:Ma`an": "Maan",
    "SY:Hasaka (Al Haksa)": "Al Hasakah", "SY:Dayr Az Zawr": "Deir ez-Zor", "AF:Hilmand": "Helmand", "AF:Hirat": "Herat",
    "IQ:At-Ta'mim": "Kirkuk", "KZ:South Kazakhstan": "Turkistan", "PH:Manila": "Metro Manila", "NP:Bhojpur": "Kosi",
    "NO:Akershus": "Viken", "NO:Vestfold": "Vestfold og Telemark", "NO:Aust-Agder": "Agder", "NO:Hordaland": "Vestland",
    "NO:Finnmark": "Troms og Finnmark", "NO:Oppland": "Innlandet", "NO:Sør-Trøndelag": "Trøndelag",
    "BA:Bijeljina": "Republika Srpska", "BA:Sarajevo": "Federation of Bosnia and Herzegovina", "CI:Cavally": "Moyen-Cavally",
}  # fmt: skip

# ISO 3166-2 codes: "" takes a wrong one away, so that the polygon gets a code of ours. Polygons that end with the same code are
# merged: they are parts of what the code means.
CODE = {
    # Paktika and Paktia changed places in the file. ISO: PKA is Paktika, PIA is Paktia.
    "AF:Paktya": "AF-PIA", "AF:Paktika": "AF-PKA",
    # Iran and Uganda bear codes of an older or shifted numbering (ISO renumbered Iran in 2020), which today are other provinces.
    "IR:West Azarbaijan": "IR-04", "IR:East Azarbaijan": "IR-03", "IR:Ardebil": "IR-24", "IR:Mazandaran": "IR-02", "IR:Semnan": "IR-20",
    "IR:Alborz": "IR-30", "IR:Tehran": "IR-23", "IR:Hamadan": "IR-13", "IR:Qazvin": "IR-26", "IR:Gilan": "IR-01", "IR:Zanjan": "IR-19",
    "IR:Kordestan": "IR-12", "IR:Kermanshah": "IR-05", "IR:Markazi": "IR-00", "IR:Lorestan": "IR-15", "IR:Ilam": "IR-16",
    "IR:Khuzestan": "IR-06", "IR:Chahar Mahall and Bakhtiari": "IR-14", "IR:Kohgiluyeh and Buyer Ahmad": "IR-17", "IR:Fars": "IR-07",
    "IR:Yazd": "IR-21", "IR:Esfahan": "IR-10", "IR:Qom": "IR-25", "IR:South Khorasan": "IR-29", "IR:Razavi Khorasan": "IR-09",
    "IR:North Khorasan": "IR-28", "IR:Sistan and Baluchestan": "IR-11", "IR:Kerman": "IR-08", "IR:Hormozgan": "IR-22", "IR:Bushehr": "IR-18",
    "UG:Bukedea": "UG-219", "UG:Bukwa": "UG-220", "UG:Bududa": "UG-218", "UG:Butaleja": "UG-221", "UG:Manafwa": "UG-223",
    "UG:Isingiro": "UG-418", "UG:Sheema": "UG-426", "UG:Mitooma": "UG-423", "UG:Ntoroko": "UG-424", "UG:Rubirizi": "UG-425",
    "UG:Buhweju": "UG-420", "UG:Mbarara/Kiruhura District": "UG-419", "UG:Ibanda": "UG-417", "UG:Mityana": "UG-115",
    "UG:Kyegegwa": "UG-422", "UG:Lyantonde": "UG-114", "UG:Namutumba": "UG-224", "UG:Kaliro": "UG-222", "UG:Nakaseke": "UG-116",
    "UG:Buliisa": "UG-416", "UG:Kiryandongo": "UG-421", "UG:Kole": "UG-325", "UG:Amolatar": "UG-315", "UG:Dokolo": "UG-317",
    "UG:Otuke": "UG-329", "UG:Nwoya": "UG-328", "UG:Amuru": "UG-316", "UG:Koboko": "UG-319", "UG:Lamwo": "UG-326", "UG:Zombo": "UG-330",
    "UG:Kaabong": "UG-318", "UG:Abim": "UG-314", "UG:Napak": "UG-327",
    # Morocco has its regions of before 2015 with their old numbers; today's numbers mean others. Nepal has zones, not provinces.
    "MA:Oriental": "MA-02", "MA:Taza - Al Hoceima - Taounate": "", "MA:Fès - Boulemane": "", "MA:Meknès - Tafilalet": "",
    "MA:Chaouia - Ouardigha": "", "MA:Rabat - Salé - Zemmour - Zaer": "", "MA:Gharb - Chrarda - Béni Hssen": "",
    "MA:Grand Casablanca": "", "MA:Doukkala - Abda": "", "MA:Marrakech - Tensift - Al Haouz": "", "MA:Tadla - Azilal": "",
    "NP:Karnali": "", "NP:Lumbini": "", "NP:Gandaki": "", "NP:Bhojpur": "", "NP:Bagmati": "",
    # Neighbours that got the code of another, or exchanged theirs.
    "AL:Durrës": "AL-02", "AU:Jervis Bay Territory": "", "AZ:Lankaran/Lankaran Rayon": "AZ-LAN", "AZ:Şəki/Shaki Rayon": "AZ-SAK",
    "AZ:Yevlakh": "AZ-YE", "CD:Kasaï-Occidental": "", "CO:Bogota": "CO-DC", "HR:Brodsko-Posavska//HR11": "HR-11",
    "IN:Jammu and Kashmir": "IN-JK", "IN:Daman and Diu": "IN-DH", "IT:Aoste": "IT-23", "LA:Vientiane [prefecture]": "LA-VT",
    "MV:Malé": "MV-MLE", "MW:Chitipa/Karonga District": "MW-KR", "MZ:Maputo/Cidade de Maputo": "MZ-MPM", "PE:Lima Province": "PE-LMA",
    "RU:Moskva": "RU-MOW", "RU:Moskovsskaya": "RU-MOS", "RU:Karelia": "RU-KR", "SB:Western": "SB-WE", "SD:Eastern Darfur": "SD-DE",
    "TW:New Taipei City": "TW-NWT", "US:Washington": "US-WA", "MD:Rezina/": "MD-SN",
    # The prefecture has the code of its region, of the same name.
    "GN:Kankan": "GN-KA",
    # The buffer zone that UN observers watch is a part of the governorate.
    "SY:UNDOF": "SY-QU",
    # No code in the file, but ISO has one.
    "RU:Crimea": "UA-43", "RU:Sevastopol": "UA-40", "-1:Clipperton Island": "FR-CP", "BA:Posavina": "BA-BIH", "BA:Bijeljina": "BA-SRP",
    "BA:Doboj": "BA-SRP", "BA:Banja Luka": "BA-SRP", "BA:Foča": "BA-SRP", "BA:Trebinje": "BA-SRP", "BA:Sarajevo-romanija": "BA-SRP",
    "BA:Vlasenica": "BA-SRP", "GW:Bolama": "GW-BL", "IQ:At-Ta'mim": "IQ-KI", "KE:Nairobi": "KE-30", "KZ:Almaty": "KZ-19",
    "KZ:Qaraghandy": "KZ-35", "KZ:South Kazakhstan": "KZ-61", "KZ:Qyzylorda": "KZ-43", "KZ:Atyrau": "KZ-23", "KZ:Aqtöbe": "KZ-15",
    "KZ:Qostanay": "KZ-39", "KZ:Aqmola": "KZ-11", "MD:Camenca": "MD-SN", "MD:Grigoriopol": "MD-SN", "MX:Distrito Federal": "MX-CMX",
    "OM:Ash Sharqiyah South": "OM-SJ", "OM:Al Batnah North": "OM-BS", "PL:Podlachian": "PL-20", "PL:Opole": "PL-16",
    "TJ:Tadzhikistan Territories": "TJ-RA", "TT:Rio Claro-Mayaro": "TT-MRC", "NO:Finnmark": "NO-54", "NO:Troms": "NO-54",
    "NO:Hordaland": "NO-46", "NO:Sogn og Fjordane": "NO-46", "NO:Aust-Agder": "NO-42", "NO:Vest-Agder": "NO-42", "NO:Vestfold": "NO-38",
    "NO:Telemark": "NO-38", "NO:Akershus": "NO-30", "NO:Østfold": "NO-30", "NO:Buskerud": "NO-30", "NO:Hedmark": "NO-34",
    "NO:Nord-Trøndelag": "NO-50", "GB:Derry": "GB-DRS", "GB:Strabane": "GB-DRS", "GB:Fermanagh": "GB-FMO", "GB:Omagh": "GB-FMO",
    "GB:Antrim": "GB-ANN", "GB:Newtownabbey": "GB-ANN", "GB:Ards": "GB-AND", "GB:North Down": "GB-AND", "GB:Lisburn": "GB-LBC",
    "GB:Castlereagh": "GB-LBC", "GB:Coleraine": "GB-CCG", "GB:Limavady": "GB-CCG", "GB:Ballymoney": "GB-CCG", "GB:Moyle": "GB-CCG",
    "GB:Ballymena": "GB-MEA", "GB:Larne": "GB-MEA", "GB:Carrickfergus": "GB-MEA", "GB:Newry and Mourne": "GB-NMD", "GB:Down": "GB-NMD",
    "GB:Craigavon": "GB-ABC", "GB:Banbridge": "GB-ABC", "GB:Dungannon": "GB-MUL", "GB:Magherafelt": "GB-MUL", "GB:Poole": "GB-BCP",
    "GB:Bournemouth": "GB-BCP",
    # Chartered cities of the Philippines have no code; each goes to the province round it, those of the capital to its region.
    "PH:Davao": "PH-DAS", "PH:Maguindanao": "PH.maguindanao", "PH:Cotabato/Cotabato City": "PH.maguindanao", "PH:Zamboanga": "PH-ZAS", "PH:Bacolod": "PH-NEC",
    "PH:Lapu-Lapu": "PH-CEB", "PH:Mandaue": "PH-CEB", "PH:Valenzuela": "PH-00", "PH:Malabon": "PH-00", "PH:Caloocan": "PH-00",
    "PH:Quezon City": "PH-00", "PH:Taguig": "PH-00", "PH:Pateros": "PH-00", "PH:Pasig": "PH-00", "PH:Marikina": "PH-00",
    "PH:San Juan": "PH-00", "PH:Mandaluyong City": "PH-00", "PH:Manila": "PH-00", "PH:Navotas": "PH-00", "PH:Makati": "PH-00",
    "PH:Pasay": "PH-00", "PH:Paranaque": "PH-00", "PH:Las Pinas": "PH-00", "PH:Muntinlupa": "PH-00",
}  # fmt: skip

# FIPS codes that changed after Natural Earth took its own: FIPS 10-4, change notices 9 and 10.
FIPS = {"AF:Daykundi": "AF41", "AF:Panjshir": "AF42"}

COUNTRY_FIPS = {
    "PS": ("GZ", "WE"), "IL": ("IS",), "SS": ("OD",), "GF": ("FG",), "GP": ("GP",), "MQ": ("MB",), "RE": ("RE",), "YT": ("MF",),
    "SJ": ("SV", "JN"), "BV": ("BV",), "CC": ("CK",), "CX": ("KT",), "VA": ("VT",), "TK": ("TL",), "CW": ("UC",), "SX": ("NN",),
}  # fmt: skip

COUNTRY_NAME = {
    "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo", "CV": "Cape Verde", "CZ": "Czechia", "FM": "Micronesia",
    "MF": "Saint Martin", "NL": "Netherlands", "PS": "Palestine", "SX": "Sint Maarten", "SZ": "Eswatini", "TL": "Timor-Leste",
    "TR": "Turkey", "VA": "Vatican City", "XK": "Kosovo", "ZZ": "Territory without an agreed country", "CI": "Ivory Coast",
    "SH": "Saint Helena, Ascension and Tristan da Cunha", "RU": "Russia",
}  # fmt: skip

COUNTRY_ALIASES = {
    "AF": ("افغانستان", "Islamic Emirate of Afghanistan"), "BA": ("Bosnia", "Bosnia-Herzegovina"), "BN": ("Brunei",), "BY": ("Belorussia",),
    "CD": ("DR Congo", "DRC", "D.R. Congo", "Congo-Kinshasa", "Congo (Kinshasa)", "DR Congo (Zaire)", "Zaire", "Congo, DR"),
    "CG": ("Congo-Brazzaville", "Congo (Brazzaville)", "Congo, Republic of"), "CI": ("Côte d'Ivoire", "Cote d'Ivoire"),
    "CV": ("Cabo Verde",), "CZ": ("Czech Republic",), "FK": ("Malvinas",), "GB": ("UK", "Great Britain", "Britain"),
    "IR": ("ایران", "Persia"), "IQ": ("العراق",), "KH": ("Kampuchea", "Cambodia (Kampuchea)"), "KP": ("North Korea", "DPRK", "Korea, North"),
    "KR": ("South Korea", "Korea, South"), "LA": ("Laos",), "LB": ("لبنان",), "LK": ("Ceylon",), "LY": ("ليبيا",),
    "MK": ("Macedonia", "FYROM", "Macedonia, FYR"), "MO": ("Macau",),
    "MM": ("Burma", "Myanmar (Burma)", "မြန်မာ"), "PK": ("پاکستان",),
    "PS": ("Palestinian Territories", "Occupied Palestinian Territory", "West Bank and Gaza", "فلسطين"), "RU": ("Russian Federation", "Россия"),
    "SY": ("سوريا", "سورية"), "SZ": ("Swaziland",), "TL": ("East Timor",), "TR": ("Türkiye", "Turkiye"), "TW": ("Formosa",),
    "UA": ("Україна",), "US": ("USA", "U.S.", "United States of America", "America"), "AE": ("UAE", "Emirates"), "VA": ("Holy See", "Vatican"),
    "VN": ("Viet Nam",), "XK": ("Kosova", "Kosovo and Metohija"), "YE": ("اليمن", "Yemen (North Yemen)"), "SO": ("Soomaaliya",),
    "EH": ("Western Sahara",), "SD": ("السودان",), "SA": ("Saudi Arabia",), "IL": ("ישראל",),
    "GF": ("FR-973", "Guyane", "Guyane française"), "GP": ("FR-971",), "MQ": ("FR-972",), "RE": ("FR-974", "La Réunion"), "YT": ("FR-976",),
    "SJ": ("NO-21", "Svalbard"), "BQ": ("Caribbean Netherlands",),
}  # fmt: skip

# The spellings of newspapers, UCDP and ACLED, then Dari or Arabic.
REGION_ALIASES = {
    "AF-BDS": ("Badakshan", "بدخشان"), "AF-BDG": ("Badghes", "بادغیس"), "AF-BGL": ("بغلان",), "AF-BAL": ("بلخ",),
    "AF-BAM": ("Bamiyan", "Bamian", "بامیان"), "AF-DAY": ("Daikundi", "Day Kundi", "دایکندی"), "AF-FRA": ("فراه",),
    "AF-FYB": ("Fariab", "فاریاب"), "AF-GHA": ("Gazni", "غزنی"), "AF-GHO": ("Ghowr", "غور"), "AF-HEL": ("Hilmand", "هلمند"),
    "AF-HER": ("Hirat", "هرات"), "AF-JOW": ("Jowzjan", "Jozjan", "Jawzjan", "جوزجان"), "AF-KAB": ("Kabol", "کابل"),
    "AF-KAN": ("Qandahar", "قندهار", "کندهار"), "AF-KAP": ("Kapissa", "کاپیسا"), "AF-KHO": ("Khowst", "خوست"),
    "AF-KNR": ("Kunar", "Konar", "Kunarha", "کنر", "کونړ"), "AF-KDZ": ("Qunduz", "Kondoz", "Konduz", "Kundoz", "Qonduz", "قندوز", "کندز", "کندوز"),
    "AF-LAG": ("Laghman", "لغمان"), "AF-LOG": ("Lowgar", "لوگر"), "AF-NAN": ("Ningarhar", "Nangrahar", "ننگرهار"),
    "AF-NIM": ("Nimruz", "Nimroz", "نیمروز"), "AF-NUR": ("Nurestan", "Nooristan", "نورستان"),
    "AF-PIA": ("Paktia", "Paktiya", "Paktya", "پکتیا"), "AF-PKA": ("Paktika", "پکتیکا"), "AF-PAN": ("Panjsher", "Panjshayr", "پنجشیر"),
    "AF-PAR": ("Parvan", "پروان"), "AF-SAM": ("Samanghan", "سمنگان"), "AF-SAR": ("Sar-e Pol", "Sar-i-Pul", "Sarepul", "Saripul", "سرپل", "سر پل"),
    "AF-TAK": ("Takhaar", "تخار"), "AF-URU": ("Oruzgan", "Urozgan", "Oruzghan", "ارزگان", "اروزگان"),
    "AF-WAR": ("Maidan Wardak", "Wardag", "Vardak", "وردک", "میدان وردک"), "AF-ZAB": ("Zabol", "زابل"),
    "SY-DI": ("Dimashq", "دمشق"), "SY-DR": ("Daraa", "Deraa", "درعا"), "SY-DY": ("Deir ez-Zor", "Deir ez Zor", "Deir Ezzor", "Dayr az-Zawr", "دير الزور"),
    "SY-HA": ("Al Hasakah", "Hasakah", "Hasaka", "Hassakeh", "الحسكة"), "SY-HI": ("Homs", "Hims", "حمص"), "SY-HL": ("Halab", "حلب"),
    "SY-HM": ("Hama", "حماة", "حماه"), "SY-ID": ("Idleb", "إدلب"), "SY-LA": ("Latakia", "Ladhiqiyah", "Lattakia", "اللاذقية"),
    "SY-QU": ("Al Qunaytirah", "Quneitra", "القنيطرة"), "SY-RA": ("Raqqa", "Raqqah", "الرقة"),
    "SY-RD": ("Rural Damascus", "Damascus Countryside", "Rif Dimashq", "Rif Dimishq", "ريف دمشق"),
    "SY-SU": ("As Suwayda", "Sweida", "Suweida", "السويداء"), "SY-TA": ("Tartous", "طرطوس"),
    "BD-B": ("Chittagong", "Chattogram"), "MM-07": ("Irrawaddy",), "MM-16": ("Arakan",), "MM-13": ("Karen",), "MM-12": ("Karenni",),
    "MM-05": ("Tenasserim",), "MM-02": ("Pegu",), "MM-06": ("Rangoon",), "PK.federally-administered-tribal-areas": ("FATA",),
    "BD-A": ("Barishal",), "MM-03": ("Magwe",), "MM-04": ("Mandalay",), "EG-C": ("Cairo",), "EG-SIN": ("North Sinai",), "EG-JS": ("South Sinai",),
    "EG-ALX": ("Alexandria",), "EG-GZ": ("Giza",), "EG-PTS": ("Port Said",), "EG-IS": ("Ismailia",), "EG-SUZ": ("Suez",),
    "EG-WAD": ("New Valley",), "EG-MT": ("Matrouh",), "EG-KN": ("Qena",), "EG-SHG": ("Sohag",), "EG-AST": ("Assiut",), "EG-BA": ("Red Sea",),
    "EG-BNS": ("Beni Suef",), "EG-FYM": ("Fayoum",), "SO-JH": ("Lower Juba",), "SO-JD": ("Middle Juba",), "SO-SH": ("Lower Shabelle",),
    "SO-SD": ("Middle Shabelle",), "SO-HI": ("Hiran", "Hiraan"), "SO-BN": ("Benadir", "Banadir"), "SO-GA": ("Galgaduud", "Galgudud"),
    "SO-NU": ("Nugal",), "DZ-16": ("Algiers",), "LY-MI": ("Misrata",), "LY-MQ": ("Mourzouq", "Murzuk"), "LY-SR": ("Sirte",),
    "LY-BU": ("Butnan",), "PK-KP": ("Khyber Pakhtunkhwa", "Khyber Pakhtunkwa", "North-West Frontier", "NWFP", "KPK"),
    "PK-BA": ("Balochistan",), "PK-SD": ("Sindh",), "PK-GB": ("Gilgit-Baltistan",), "PK-JK": ("Azad Jammu & Kashmir", "Azad Jammu and Kashmir"),
    "RU-IN": ("Ingushetia",), "RU-KB": ("Kabardino-Balkaria",), "RU-CE": ("Chechnya",), "RU-DA": ("Dagestan",), "RU-SE": ("North Ossetia",),
    "RU-KC": ("Karachay-Cherkessia",), "ET-GA": ("Gambella", "Gambela"), "ET-OR": ("Oromia",), "ET-SN": ("SNNPR",), "KH-2": ("Battambang",),
    "SD-DS": ("South Darfur",), "SD-DE": ("East Darfur",), "SD-DW": ("West Darfur",), "SD-DN": ("Northern Darfur",), "SD-KS": ("South Kordofan",),
    "SD-KN": ("North Kordofan",), "IN-OD": ("Odisha",), "IN-UK": ("Uttarakhand",), "YE-AD": ("Aden",), "YE-TA": ("Taiz",),
    "YE-HD": ("Hadhramaut", "Hadramaut"), "YE-SN": ("Sanaa",), "YE-SA": ("Sanaa City", "Amanat al-Asimah"), "YE-DA": ("Dhale", "Ad Dali"),
    "YE-LA": ("Lahej",), "YE-JA": ("Al Jawf",), "YE-HU": ("Hodeidah", "Hudaydah"), "YE-MA": ("Marib",), "YE-SD": ("Saada",),
    "IQ-SD": ("Salah al-Din", "Saladin"), "IQ-NI": ("Nineveh", "Ninewa"), "IQ-BA": ("Basra",), "IQ-AR": ("Erbil",), "IQ-DA": ("Dohuk", "Duhok"),
    "IQ-DQ": ("Thi-Qar",), "IQ-QA": ("Qadisiyah",), "IQ-SU": ("Sulaymaniyah", "Sulaimaniya"), "IQ-MU": ("Muthanna",), "IQ-KI": ("Tamim",),
    "UA-30": ("Kyiv City", "City of Kyiv"), "UA-32": ("Kyiv Oblast",), "IL-Z": ("Northern District",), "IL-D": ("Southern District",),
    "IL-M": ("Central District",), "HR-11": ("Požeško-slavonska",), "HR-16": ("Vukovar-Syrmia", "Vukovar-Srijem"),
    "PH-00": ("National Capital Region",),
    "PS.gaza-strip": ("Gaza", "قطاع غزة"),
    "PS.west-bank": ("الضفة الغربية",),
    "UA-23": ("Zaporizhzhia", "Zaporizhia"),
    "UA-51": ("Odesa",),
    "UA-12": ("Dnipropetrovsk",),
    "CD-NK": ("North Kivu",),
    "CD-SK": ("South Kivu",),
    "DE-BY": ("Bavaria",), "UA-43": ("Krym", "Крим", "Крым"),
}  # fmt: skip

# Names of GeoNames that Natural Earth joined to the wrong polygon.
WRONG_ALIASES = {
    "ER-DU": ("Northern Red Sea Region",), "SD-DE": ("South Darfur",), "ER-MA": ("Debub Region",), "ER-SK": ("Anseba Region",), "PH-PAN": ("San Carlos City",),
    "HR-11": ("Brodsko-Posavska Zupanija", "Brodsko-Posavska"), "NP.kosi": ("Bhojpur",),
}  # fmt: skip

NO_GEOMETRY = {"VA": (12.4457, 41.9002, 12.4584, 41.9075)}
"""Vatican City is smaller than the file's simplification: its bounding box."""

GROUPED = ("BF", "GB", "GN", "LK")
"""Countries whose polygons are of the second level: ISO 3166-2 has subdivisions above them, and sources name these."""

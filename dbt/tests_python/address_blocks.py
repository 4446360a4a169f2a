"""Address blocks as invoices carry them, invented, with where each is: what the field `addressCountry` holds, country, city, postal code.

The city is the name that all spellings of it must share.
"""

from typing import NamedTuple


class Block(NamedTuple):
    text: str
    field: str | None
    country: str
    city: str
    zip: str | None


DE, NO_FIELD = "DE", None

BLOCKS = [
    # Germany: departments, boxes, extra lines, spellings
    Block("Nordlicht AG\nEinkauf\nJungfernstieg 7\n20354 Hamburg", DE, "DE", "Hamburg", "20354"),
    Block("Nordlicht AG\nPostfach 10 12 34\n20008 Hamburg", DE, "DE", "Hamburg", "20008"),
    Block("Nordlicht AG\r\nJungfernstieg 7\r\n20354 HAMBURG\r\n", DE, "DE", "Hamburg", "20354"),
    Block("Nordlicht AG<br/>Jungfernstieg 7<br/>D 20354 Hamburg<br/>Germany", DE, "DE", "Hamburg", "20354"),
    Block("Nordlicht AG\nJungfernstieg 7\nD - 20354 Hamburg-Neustadt", DE, "DE", "Hamburg", "20354"),
    Block("Nordlicht AG\nJungfernstieg 7\n20354\nHamburg", DE, "DE", "Hamburg", "20354"),
    Block("Nordlicht AG\nJungfernstieg\u00a07\n20354\u00a0Hamburg\nALLEMAGNE", DE, "DE", "Hamburg", "20354"),
    Block("Praxis Dr. Weiß\nKönigsallee 30\n40212 Duesseldorf", DE, "DE", "Düsseldorf", "40212"),
    Block("Praxis Dr. Weiß\nKönigsallee 30\n40212 DÜSSELDORF\nTelefon: 0211 998877", DE, "DE", "Düsseldorf", "40212"),
    Block("Kanzlei Roth\nc/o Haus der Wirtschaft\nWilli-Bleicher-Straße 19\n70174 Stuttgart-Mitte", DE, "DE", "Stuttgart", "70174"),
    Block("Kanzlei Roth\nWilli-Bleicher-Straße 19\n70174 Stuttgart\nUSt-ID: DE 811 22 33 44", DE, "DE", "Stuttgart", "70174"),
    Block("Oderwerk GmbH\nLindenallee 3\n15230 Frankfurt (O.)", DE, "DE", "Frankfurt (Oder)", "15230"),
    Block("Oderwerk GmbH\nLindenallee 3\n15234 Frankfurt a. d. Oder", DE, "DE", "Frankfurt (Oder)", "15234"),
    Block("Mainblick KG\nKaiserstr. 5\n60329 Frankfurt/M", DE, "DE", "Frankfurt am Main", "60329"),
    Block("Mainblick KG\nKaiserstr. 5\n60311 FFM", DE, "DE", "Frankfurt am Main", "60311"),
    Block("Saaleglas\nAm Markt 2\n06110 Halle", DE, "DE", "Halle (Saale)", "06110"),
    Block("Teutoprint\nLange Straße 8\n33790 Halle i. Westf.", DE, "DE", "Halle (Westf.)", "33790"),
    Block("Schuhhaus Ell\nMünsterplatz 1\n89073 Ulm (Donau)", DE, "DE", "Ulm", "89073"),
    Block("Pfalzwein\nHauptstr. 9\n67059 Ludwigshafen/Rhein", DE, "DE", "Ludwigshafen am Rhein", "67059"),
    Block("Autohaus Jung\nRing 4\n66111 Saarbruecken", DE, "DE", "Saarbrücken", "66111"),
    Block("Verlag Lenz\nAugustusplatz 1-3\n04109 leipzig", DE, "DE", "Leipzig", "04109"),
    Block("Bergbau e.V.\nHellweg 2\n45127 Essen (Ruhr)", DE, "DE", "Essen", "45127"),
    Block("Werk 3, Tor 80331\nDachauer Str. 201\n80637 München-Moosach", DE, "DE", "München", "80637"),
    Block("Alpenhof\nMarienplatz 1\n80331 Muenchen\nRechnungswesen: rechnung@alpenhof.example", DE, "DE", "München", "80331"),
    # Austria
    Block("Donau GmbH\nStephansplatz 4\nA-1010 Wien", DE, "AT", "Wien", "1010"),
    Block("Donau GmbH\nFavoritenstr. 100\n1100 Wien, 10. Bezirk\nÖsterreich", DE, "AT", "Wien", "1100"),
    Block("Donau GmbH\nMariahilfer Str. 1\n1060 VIENNA\nAustria", DE, "AT", "Wien", "1060"),
    Block("Murtal KG\nHauptplatz 1\nA - 8010 Graz\nUID: ATU12345678", DE, "AT", "Graz", "8010"),
    Block("Mozart OG\nGetreidegasse 9\n5020 Salzburg", "AT", "AT", "Salzburg", "5020"),
    Block("Inn Handel\nMaria-Theresien-Straße 18\n6020 Innsbruck\nAUTRICHE", DE, "AT", "Innsbruck", "6020"),
    # Switzerland and Liechtenstein
    Block("Limmat AG\nBahnhofstrasse 10\nCH - 8001 Zürich", DE, "CH", "Zürich", "8001"),
    Block("Limmat AG\nBahnhofstrasse 10\n8001 Zuerich\nSchweiz", DE, "CH", "Zürich", "8001"),
    Block("Limmat AG\nPostfach\n8021 Zürich 1\nSuisse", DE, "CH", "Zürich", "8021"),
    Block("Pilatus AG\nPilatusstrasse 2\n6003 Luzern 6\nSchweiz", DE, "CH", "Luzern", "6003"),
    Block("Lac SA\nRue du Rhône 5\n1204 Genève 3\nSWITZERLAND", DE, "CH", "Genève", "1204"),
    Block("Rheinknie AG\nMarktplatz 9\nCH-4001 Basel\nCHE-123.456.789 MWST", DE, "CH", "Basel", "4001"),
    Block("Alpenrhein AG\nStädtle 1\nFL - 9490 Vaduz", DE, "LI", "Vaduz", "9490"),
    # Luxembourg, Belgium, the Netherlands
    Block("Moselle SA\n1, Grand-Rue\nL-1661 Luxemburg", DE, "LU", "Luxembourg", "1661"),
    Block("Moselle SA\n1, Grand-Rue\nL-1661 Luxembourg\nLuxembourg", DE, "LU", "Luxembourg", "1661"),
    Block("Atomium NV\nNieuwstraat 3\n1000 Bruxelles/Brussel\nBelgien", DE, "BE", "Bruxelles", "1000"),
    Block("Atomium NV\nRue Neuve 3\nB-1000 BRUXELLES", DE, "BE", "Bruxelles", "1000"),
    Block("Leie BV\nKorenmarkt 1\nB-9000 Gent\nBelgique", DE, "BE", "Gent", "9000"),
    Block("Gracht BV\nKeizersgracht 5\n1015 CJ Amsterdam\nNiederlande", DE, "NL", "Amsterdam", "1015"),
    Block("Haven BV\nPostbus 123\n3000 AC ROTTERDAM\nNederland", DE, "NL", "Rotterdam", "3000"),
    Block("Domus BV\nOudegracht 1\nNL-3511 AB Utrecht", DE, "NL", "Utrecht", "3511"),
    # France, Italy, Spain, Portugal
    Block("Seine SARL\n10 rue de Lisbonne\n75008 Paris 8e Arrondissement\nFrance", DE, "FR", "Paris", "75008"),
    Block("Seine SARL\nBP 20345\n75365 PARIS CEDEX 08\nFRANKREICH", DE, "FR", "Paris", "75365"),
    Block("Rhône SAS\n2 place Bellecour\nF-69002 Lyon", DE, "FR", "Lyon", "69002"),
    Block("Garonne SAS\n1 place du Capitole\n31000 TOULOUSE\nFrance\nTVA FR12345678901", DE, "FR", "Toulouse", "31000"),
    Block("Duomo Srl\nVia Torino 2\nI - 20123 Milano MI\nItalia", DE, "IT", "Milano", "20123"),
    Block("Tevere Srl\nVia del Corso 1\n00186 ROMA (RM)\nITALY", DE, "IT", "Roma", "00186"),
    Block("Sol SL\nGran Vía 1, 2º B\n28013 Madrid (Madrid)\nEspaña", DE, "ES", "Madrid", "28013"),
    Block("Turia SL\nCalle Colón 4\nE-46004 València\nSpanien", DE, "ES", "Valencia", "46004"),
    Block("Tejo Lda\nRua Augusta 1\n1100-048 LISBOA\nPortugal", DE, "PT", "Lisboa", "1100-048"),
    # Scandinavia, Poland, Czechia, Hungary
    Block("Kanal ApS\nNyhavn 1\n1051 København K\nDänemark", DE, "DK", "København", "1051"),
    Block("Kanal ApS\nVesterbrogade 1\nDK-1620 Copenhagen V\nDenmark", DE, "DK", "København", "1620"),
    Block("Aros A/S\nÅboulevarden 1\n8000 Aarhus C\nDanmark", DE, "DK", "Aarhus", "8000"),
    Block("Mälaren AB\nBox 123\nSE-101 23 STOCKHOLM\nSchweden", DE, "SE", "Stockholm", "10123"),
    Block("Göta AB\nAvenyn 1\n411 36 Göteborg\nSweden", DE, "SE", "Göteborg", "41136"),
    Block("Wisla Sp. z o.o.\nRynek 1\nPL-31-042 Krakau\nPolen", DE, "PL", "Kraków", "31-042"),
    Block("Odra Sp. z o.o.\nRynek 1\n50-101 WROCŁAW\nPolska", DE, "PL", "Wrocław", "50-101"),
    Block("Vltava s.r.o.\nNárodní 1\n110 00 Prag\nTschechien", DE, "CZ", "Praha", "11000"),
    Block("Vltava s.r.o.\nNárodní 1\nCZ-110 00 Praha 1", DE, "CZ", "Praha", "11000"),
    Block("Morava a.s.\nMasarykova 1\n602 00 Brno\nCzech Republic", DE, "CZ", "Brno", "60200"),
    Block("Duna Kft.\nVáci utca 1\nH-1052 Budapest V.\nMagyarország", DE, "HU", "Budapest", "1052"),
    # Great Britain and Ireland
    Block("Thames Ltd\n1 Strand\nLONDON\nWC2N 5HR\nUK", DE, "GB", "London", "WC2N 5HR"),
    Block("Mersey Ltd\nAccounts Payable\n1 Water Street\nLiverpool L2 8TD\nGroßbritannien", DE, "GB", "Liverpool", "L2 8TD"),
    Block("Forth Ltd\n1 Princes Street\nEdinburgh\nEH2 2EQ\nScotland", DE, "GB", "Edinburgh", "EH2 2EQ"),
    Block("Cam Ltd\n3 King's Parade\nCambridge\nCambridgeshire\nCB2 1SJ", "GB", "GB", "Cambridge", "CB2 1SJ"),
    Block("Liffey Ltd\n5 Dame Street\nDublin 2\nD02 HK67\nIrland", DE, "IE", "Dublin", "D02 HK67"),
    Block("Lee Ltd\n1 Patrick Street\nCork\nCo. Cork\nIreland", DE, "IE", "Cork", None),
    Block("Corrib Ltd\nEyre Square\nGalway, County Galway\nIreland", DE, "IE", "Galway", None),
    # numbers of authorities, banks and customers below the place
    Block("Navigli Srl\nVia Dante 7\n20121 Milano\nP.IVA 01234567890", "IT", "IT", "Milano", "20121"),
    Block("Navigli Srl\nVia Dante 7\nI-20121 Milano\nItalia\nP. IVA: IT01234567890", DE, "IT", "Milano", "20121"),
    Block("Rambla SL\nLa Rambla 9\n08002 Barcelona\nEspaña\nNIF: B12345678", DE, "ES", "Barcelona", "08002"),
    Block("Polder BV\nLaan 4\n2514 AB Den Haag\nNederland\nKvK-nummer 12345678\nBTW NL123456789B01", DE, "NL", "Den Haag", "2514"),
    Block("Warta Sp. z o.o.\nul. Długa 5\n61-701 Poznań\nPolska\nNIP 525-000-00-00", DE, "PL", "Poznań", "61-701"),
    Block("Bælt ApS\nTorvet 2\n5000 Odense C\nDanmark\nCVR-nr. 12345678", DE, "DK", "Odense", "5000"),
    Block("Sund AB\nStortorget 1\n211 22 Malmö\nSverige\nOrg.nr 556000-0000", DE, "SE", "Malmö", "21122"),
    Block("Labe s.r.o.\nHlavní 2\n400 01 Ústí nad Labem\nČesko\nIČO: 12345678\nDIČ: CZ12345678", DE, "CZ", "Ústí nad Labem", "40001"),
    Block("Canebière SARL\n3 quai du Port\n13002 Marseille\nFrance\nSIRET 123 456 789 00012", DE, "FR", "Marseille", "13002"),
    Block("Tyne Ltd\n2 Grey Street\nNewcastle upon Tyne\nNE1 6EE\nEngland\nCompany No. 01234567", DE, "GB", "Newcastle upon Tyne", "NE1 6EE"),
    Block("Isar GmbH\nTal 12\n80331 München\nHRB 12345, Amtsgericht München", DE, "DE", "München", "80331"),
    Block("Weser GmbH\nAm Wall 3\n28195 Bremen\nKundennr.: 4711", DE, "DE", "Bremen", "28195"),
    Block("Weser GmbH\nAm Wall 3\n28195 Bremen\nIBAN DE89 3704 0044 0532 0130 00", DE, "DE", "Bremen", "28195"),
    Block("Weser GmbH\nAm Wall 3\n28195 Bremen\nBestell-Nr. 2026/4711", DE, "DE", "Bremen", "28195"),
    # overseas
    Block("Bay Inc.\n1 Market St, Suite 300\nSan Francisco, CA 94105-1420\nUnited States", DE, "US", "San Francisco", "94105-1420"),
    Block("Lake Inc.\n1 Wacker Dr\nCHICAGO IL 60601\nUSA", DE, "US", "Chicago", "60601"),
    Block("Harbor Inc.\nP.O. Box 55\nBoston, Massachusetts 02108\nU.S.A.", DE, "US", "Boston", "02108"),
    Block("Maple Inc.\n1 Rue Sainte-Catherine\nMontréal (Québec) H3B 1A7\nKanada", DE, "CA", "Montréal", "H3B 1A7"),
    Block("Pacific Ltd.\n1 Granville St\nVANCOUVER BC V6C 1T2\nCANADA", DE, "CA", "Vancouver", "V6C 1T2"),
    Block("Harbour Pty Ltd\n1 George St\nSydney NSW 2000\nAustralien", DE, "AU", "Sydney", "2000"),
    Block("Yarra Pty Ltd\nGPO Box 12\nMELBOURNE VIC 3001\nAustralia", DE, "AU", "Melbourne", "3001"),
    Block("Sakura K.K.\n2-1 Ginza, Chuo-ku\nTokyo 104-0061\nJapan", DE, "JP", "Tokyo", "104-0061"),
    Block("株式会社さくら\n〒530-0001\n大阪府大阪市北区梅田1-1", "JP", "JP", "Osaka", "530-0001"),
]  # fmt: skip

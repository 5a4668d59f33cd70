"""Names that the sources of `places` lack: how people write countries, and English names of regions. Folded."""

from __future__ import annotations

from collections.abc import Mapping


def table(text: str) -> Mapping[str, str]:
    """“name=CODE; other name=CODE”."""
    pairs = [entry.split("=") for entry in text.replace("\n", " ").split(";") if entry.strip()]
    return {name.strip(): code.strip() for name, code in pairs}


SPELLINGS = table(
    """uk=GB; great britain=GB; britain=GB; england=GB; scotland=GB; wales=GB; northern ireland=GB; el=GR;
    us=US; usa=US; america=US; united states of america=US; holland=NL; uae=AE; emirates=AE; brd=DE; brasil=BR;
    czech republic=CZ; south korea=KR; korea=KR; north korea=KP; russian federation=RU; viet nam=VN; ksa=SA;
    republic of ireland=IE; eire=IE; turkey=TR; turkiye=TR; macedonia=MK; ivory coast=CI; burma=MM;
    swaziland=SZ; cape verde=CV; prc=CN; people's republic of china=CN; hong kong=HK; macau=MO; ascension island=AC; kosovo=XK; tristan da cunha=TA; taiwan=TW"""
)

REGIONS: Mapping[str, Mapping[str, str]] = {
    "DE": table(
        """bavaria=BY; saxony=SN; lower saxony=NI; hesse=HE; thuringia=TH; saxony anhalt=ST; nrw=NW;
        north rhine westphalia=NW; rhineland palatinate=RP; mecklenburg western pomerania=MV; bawu=BW"""
    ),
    "AT": table(
        "vienna=9; tyrol=7; carinthia=2; styria=6; lower austria=3; upper austria=4; tirol=7; salzburg=5"
    ),
    "CH": table("geneva=GE; zurich=ZH; lucerne=LU; berne=BE; grisons=GR; fribourg=FR; basel=BS"),
    "ES": table(
        """catalonia=CT; andalusia=AN; basque country=PV; balearic islands=IB; canary islands=CN; navarre=NC;
        castile and leon=CL; castile la mancha=CM; galicia=GA; madrid=MD; valencia=VC; murcia=MC"""
    ),
    "FR": table(
        """ile de france=IDF; brittany=BRE; bretagne=BRE; normandy=NOR; normandie=NOR; occitanie=OCC; grand est=GES;
        hauts de france=HDF; nouvelle aquitaine=NAQ; auvergne rhone alpes=ARA; pays de la loire=PDL;
        centre val de loire=CVL; bourgogne franche comte=BFC; burgundy=BFC; provence alpes cote d'azur=PAC;
        paca=PAC; corsica=20R; corse=20R"""
    ),
    "IT": table(
        """lombardy=25; lombardia=25; tuscany=52; toscana=52; sicily=82; sicilia=82; lazio=62; veneto=34;
        piedmont=21; piemonte=21; campania=72; emilia romagna=45; apulia=75; puglia=75; liguria=42; marche=57;
        sardinia=88; sardegna=88; umbria=55; abruzzo=65; calabria=78; basilicata=77; molise=67;
        aosta valley=23; trentino alto adige=32; friuli venezia giulia=36"""
    ),
    "NL": table(
        """north holland=NH; noord holland=NH; south holland=ZH; zuid holland=ZH; utrecht=UT; north brabant=NB;
        noord brabant=NB; gelderland=GE; limburg=LI; overijssel=OV; friesland=FR; groningen=GR; drenthe=DR;
        flevoland=FL; zeeland=ZE; nh=NH; zh=ZH; ut=UT; nb=NB; ge=GE; li=LI; ov=OV; fr=FR; gr=GR; dr=DR;
        fl=FL; ze=ZE"""
    ),
}

"""What columns of files and questions of forms are called, in six languages and in the exports of other systems."""

import re
from collections.abc import Mapping
from functools import cache

from leadrouting.engine.values import fold

FIRST, LAST = "first_name", "last_name"
"""Halves of `name`."""
NOTE = "note"
"""What goes into the message, under the column's own heading."""
RECEIVED, OWNER, OUTCOME, CLOSED, REVENUE, REASON = (
    "received owner outcome closed_at revenue lost_reason".split()
)

NAMES = {
    FIRST: "first name; firstname; given name; vorname; prenom; nombre de pila; primeiro nome; nome proprio; fname",
    LAST: "last name; lastname; surname; family name; nachname; familienname; nom de famille; apellido; apellidos; "
    "sobrenome; apelido; cognome; lname",
    "name": "name; full name; fullname; contact; contact name; lead name; ansprechpartner; nom; nom complet; nombre; "
    "nombre completo; nome; nome completo; nominativo; your name; user name",
    "email": "email; e mail; email address; e mail address; mail; e mail adresse; email adresse; adresse e mail; "
    "courriel; adresse email; adresse mail; correo; correo electronico; email do contato; endereco de email; "
    "indirizzo email; posta elettronica; indirizzo e mail; work email; business email; your email",
    "phone": "phone; phone number; telephone; mobile; mobile phone; mobile number; cell; tel; telefon; telefonnummer; "
    "rufnummer; handy; mobil; mobilnummer; numero de telephone; portable; tel portable; telefono; telefono movil; "
    "movil; celular; numero de telefono; telefone; telemovel; numero di telefono; cellulare; work phone; work phone number; mobilephone; your phone; whatsapp",
    "company": "company; company name; organisation; organization; account; account name; business; firma; "
    "unternehmen; firmenname; entreprise; societe; nom de l entreprise; empresa; compania; nombre de la empresa; "
    "nome da empresa; azienda; societa; ragione sociale; associated company; your company",
    "job_title": "job title; title; position; role; jobtitle; berufsbezeichnung; funktion; stelle; poste; fonction; "
    "cargo; puesto; posizione; ruolo; qualifica",
    "message": "message; comments; comment; description; enquiry; inquiry; question; nachricht; kommentar; anfrage; "
    "bemerkung; beschreibung; commentaire; commentaires; mensaje; comentario; comentarios; mensagem; messaggio; "
    "commento; note; notes; notiz; notizen; remarques; notas; annotazioni; your message; additional notes",
    "country": "country; country region; country code; land; staat; pays; pais; paese; nazione; mailing country",
    "region": "region; state; state region; state province; province; bundesland; departement; provincia; estado; "
    "comunidad autonoma; regione; county",
    "city": "city; town; stadt; ort; wohnort; ville; ciudad; cidade; citta; localita; comune",
    "postal_code": "postal code; postcode; post code; zip; zip code; zip postal code; plz; postleitzahl; code postal; "
    "codigo postal; cep; cap",
    "language": "language; preferred language; sprache; langue; idioma; lingua; locale",
    "time_zone": "time zone; timezone; zeitzone; fuseau horaire; zona horaria; fuso horario; fuso orario",
    "product": "product; product interest; produkt; produit; producto; produto; prodotto",
    "industry": "industry; branche; sector; secteur; secteur d activite; industria; setor; settore; sektor",
    "company_size": "company size; employees; numemployees; number of employees; no of employees; headcount; mitarbeiter; "
    "anzahl mitarbeiter; mitarbeiterzahl; effectif; nombre d employes; empleados; numero de empleados; funcionarios; "
    "numero de funcionarios; dipendenti; numero di dipendenti",
    "budget": "budget; presupuesto; orcamento",
    "deal_size": "deal size; amount; deal amount; opportunity amount; auftragswert; montant; importe; valor; importo",
    "source": "source; lead source; original source; quelle; leadquelle; herkunft; origine; origen; fuente; origem; "
    "fonte; origin; platform; original source type",
    "medium": "medium",
    "campaign": "campaign key",
    "utm_source": "utm source",
    "utm_medium": "utm medium",
    "utm_campaign": "utm campaign; campaign; campaign name; kampagne; campagne; campana; campanha; campagna",
    "utm_term": "utm term",
    "utm_content": "utm content",
    "landing_page": "landing page; landingpage; page url; first page seen; zielseite",
    "referrer": "referrer; first referring site",
    "ad": "ad; ad name; anzeige",
    "referred_by": "referred by; recommended by; empfohlen von",
    "tags": "tags; labels; schlagworte; etiquetas; etiquettes",
    "score": "score; lead score; hubspot score",
    "external_id": "external id; id; lead id; record id; contact id; external reference; kennung; lead nummer; "
    "identifiant; identificador; identificativo",
    "consent": "consent; opt in; marketing consent; einwilligung; consentement; consentimiento; consentimento; consenso",
    RECEIVED: "received; received at; created; created at; created date; create date; created time; date; "
    "date created; submitted at; date added; timestamp; eingang; eingegangen am; erstellt am; datum; date de creation; "
    "cree le; fecha; fecha de creacion; data; data de criacao; data di creazione; creato il; first contact date",
    OWNER: "owner; lead owner; contact owner; owner name; sales rep; assigned to; besitzer; inhaber; zustandig; "
    "verantwortlich; proprietaire; propietario; responsable; proprietario; responsavel; responsabile",
    OUTCOME: "outcome; result; ergebnis; resultat; resultado; esito",
    CLOSED: "closed at; close date; closed date; won date; lost date; abschlussdatum; date de cloture; "
    "fecha de cierre; data de fechamento; data di chiusura",
    REVENUE: "revenue; won amount; umsatz; chiffre d affaires; ingresos; receita; fatturato",
    REASON: "lost reason; closed lost reason; loss reason; verlustgrund",
    NOTE: "lead status; status; lifecycle stage; ad id; adset id; adset name; ad set name; campaign id; form id; "
    "form name; rating; website",
}

SYSTEMS = {
    "Salesforce": ("salesforce:", {"lead id", "lead source", "lead status"}),
    "HubSpot": ("hubspot:", {"record id", "create date", "lifecycle stage"}),
    "Meta": ("meta:", {"created time", "form name", "platform"}),
}
"""By headings that their exports have: whose they are, and what is put before their ids so that those of two systems
never meet."""

VALUES = {"Meta": {"source": {"fb": "facebook", "ig": "instagram", "msg": "messenger", "wa": "whatsapp"}}}

ASKED = frozenset(
    "name email phone company job_title message country region city postal_code language time_zone product industry "
    "company_size budget".split()
)
"""What people are asked by forms. All else that a question of theirs may seem to name (an id, an owner, a score) is not
theirs to say."""

OWNERS = "account owner; company owner; account owner name; owner full name; owner email; account manager; kundenbetreuer"
ACCOUNTS = {
    "name": "name; account name; company name; company; account; customer; customer name; client; organisation; "
    "organization; firma; firmenname; unternehmen; kunde; kundenname; entreprise; societe; nom de l entreprise; "
    "nom du compte; nom; empresa; nombre de la empresa; nombre de la cuenta; nombre; nome da empresa; nome da conta; "
    "nome; azienda; societa; ragione sociale; nome account; cliente",
    "external_id": "external id; id; account id; company id; record id; customer id; customer number; kundennummer; "
    "kennung; external reference; identifiant; identificador; identificativo; numero de client; numero de cliente",
    "domains": "domains; domain; email domain; email domains; e mail domain; company domain name; company domain; "
    "domane; domanen; domaine; domaines; dominio; dominios; domini; additional domains",
    "website": "website; web site; url; homepage; company website; website url; webseite; internetseite; site web; "
    "site internet; sitio web; pagina web; site; sito web; sito",
    "parent": "parent; parent account; parent company; parent account name; parent company name; ultimate parent; "
    "muttergesellschaft; mutterkonzern; konzern; ubergeordneter account; societe mere; maison mere; compte parent; "
    "empresa matriz; matriz; cuenta principal; conta principal; casa madre; capogruppo; societa madre",
    "parent_id": "parent id; parent account id; parent company id; parent record id",
    OWNER: f"{NAMES[OWNER]}; {OWNERS}",
    "tier": "tier; account tier; customer tier; tier level; stufe; kundenstufe; niveau; nivel; livello; abc",
    "lifetime_value": "lifetime value; customer lifetime value; clv; ltv; total revenue; kundenwert; "
    "valeur vie client; valor de vida; valor do cliente; valore del cliente",
}
ACCOUNT_SYSTEMS = {
    "Salesforce": ("salesforce:", ({"account id"}, {"account owner"}, {"parent account"})),
    "HubSpot": ("hubspot:", ({"record id"}, {"company domain name"}, {"company owner"})),
}
"""As SYSTEMS; any of the headings tells."""


def plain(heading: str) -> str:
    """So that spellings of a heading are the same: small letters and digits with single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(heading)).split())


def by_heading(names: Mapping[str, str]) -> dict[str, str]:
    return {one.strip(): target for target, told in names.items() for one in told.split(";")}


@cache
def of_leads() -> Mapping[str, str]:
    return by_heading(NAMES)


@cache
def of_accounts() -> Mapping[str, str]:
    return by_heading(ACCOUNTS)


@cache
def of_questions() -> Mapping[str, str]:
    """Question -> field, as `readers` write them: words divided by underscores. First and last names are the name."""
    known = {
        **of_leads(),
        **dict.fromkeys((one for one, to in of_leads().items() if to in (FIRST, LAST)), "name"),
    }
    return {one.replace(" ", "_"): target for one, target in known.items() if target in ASKED}

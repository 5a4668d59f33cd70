"""What columns are called, in six languages and in the exports of other systems."""

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
    "nombre completo; nome; nome completo; nominativo; your name",
    "email": "email; e mail; email address; e mail address; mail; e mail adresse; email adresse; adresse e mail; "
    "courriel; adresse email; adresse mail; correo; correo electronico; email do contato; endereco de email; "
    "indirizzo email; posta elettronica; indirizzo e mail; work email; business email",
    "phone": "phone; phone number; telephone; mobile; mobile phone; mobile number; cell; tel; telefon; telefonnummer; "
    "rufnummer; handy; mobil; mobilnummer; numero de telephone; portable; tel portable; telefono; telefono movil; "
    "movil; celular; numero de telefono; telefone; telemovel; numero di telefono; cellulare; work phone; whatsapp",
    "company": "company; company name; organisation; organization; account; account name; business; firma; "
    "unternehmen; firmenname; entreprise; societe; nom de l entreprise; empresa; compania; nombre de la empresa; "
    "nome da empresa; azienda; societa; ragione sociale; associated company",
    "job_title": "job title; title; position; role; jobtitle; berufsbezeichnung; funktion; stelle; poste; fonction; "
    "cargo; puesto; posizione; ruolo; qualifica",
    "message": "message; comments; comment; description; enquiry; inquiry; question; nachricht; kommentar; anfrage; "
    "bemerkung; beschreibung; commentaire; commentaires; mensaje; comentario; comentarios; mensagem; messaggio; "
    "commento; note; notes; notiz; notizen; remarques; notas; annotazioni",
    "country": "country; country region; country code; land; staat; pays; pais; paese; nazione; mailing country",
    "region": "region; state; state region; state province; province; bundesland; departement; provincia; estado; "
    "comunidad autonoma; regione; county",
    "city": "city; town; stadt; ort; wohnort; ville; ciudad; cidade; citta; localita; comune",
    "postal_code": "postal code; postcode; zip; zip code; zip postal code; plz; postleitzahl; code postal; "
    "codigo postal; cep; cap",
    "language": "language; preferred language; sprache; langue; idioma; lingua; locale",
    "time_zone": "time zone; timezone; zeitzone; fuseau horaire; zona horaria; fuso horario; fuso orario",
    "product": "product; product interest; produkt; produit; producto; produto; prodotto",
    "industry": "industry; branche; sector; secteur; secteur d activite; industria; setor; settore; sektor",
    "company_size": "company size; employees; number of employees; no of employees; headcount; mitarbeiter; "
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

"""What ships in the languages of prospects: the acknowledgement, and how a time of contact is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`short` is for WhatsApp and SMS. `days` from Monday. `soon`: somebody is in right now. `someday`: nobody knows when. `gone` is what the page of a
    booking link says that leads nowhere any more."""

    subject: str
    body: str
    short: str
    soon: str
    someday: str
    gone: str
    today: str
    tomorrow: str
    on: str
    days: tuple[str, ...]


WORDS: Mapping[str, Words] = {
    "en": Words(
        "We have received your message",
        "Hello {first_name},\n\nthank you for your message. It has arrived, and somebody will be in touch {expected}.\n\n"
        "You can simply answer this e-mail.\n\n"
        "Or choose a time that suits you: {booking_link}\n\n{our_name}\n{phone}",
        "Hello {first_name}, thank you for your message. It has arrived, and somebody will be in touch {expected}.\nChoose a time: {booking_link}\n{our_name} {phone}",
        "shortly",
        "as soon as we can",
        "There is no time to choose here any more. Simply answer our message, and we will be in touch.",
        "today from {time}",
        "tomorrow from {time}",
        "on {day} from {time}",
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "de": Words(
        "Wir haben Ihre Nachricht erhalten",
        "Guten Tag {name},\n\nvielen Dank für Ihre Nachricht. Sie ist angekommen, und wir melden uns {expected} bei Ihnen.\n\n"
        "Sie können einfach auf diese E-Mail antworten.\n\n"
        "Oder wählen Sie einen Termin, der Ihnen passt: {booking_link}\n\n{our_name}\n{phone}",
        "Guten Tag {name}, vielen Dank für Ihre Nachricht. Sie ist angekommen, und wir melden uns {expected} bei Ihnen.\nTermin wählen: {booking_link}\n{our_name} {phone}",
        "in Kürze",
        "so bald wie möglich",
        "Hier lässt sich kein Termin mehr wählen. Antworten Sie einfach auf unsere Nachricht, und wir melden uns bei Ihnen.",
        "heute ab {time} Uhr",
        "morgen ab {time} Uhr",
        "am {day} ab {time} Uhr",
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ),
    "es": Words(
        "Hemos recibido su mensaje",
        "Hola {first_name},\n\ngracias por su mensaje. Ha llegado, y nos pondremos en contacto con usted {expected}.\n\n"
        "Puede responder directamente a este correo.\n\n"
        "O elija la hora que más le convenga: {booking_link}\n\n{our_name}\n{phone}",
        "Hola {first_name}, gracias por su mensaje. Ha llegado, y nos pondremos en contacto con usted {expected}.\nElija una hora: {booking_link}\n{our_name} {phone}",
        "en breve",
        "lo antes posible",
        "Aquí ya no se puede elegir una hora. Responda a nuestro mensaje y nos pondremos en contacto con usted.",
        "hoy a partir de las {time}",
        "mañana a partir de las {time}",
        "el {day} a partir de las {time}",
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
    "fr": Words(
        "Nous avons bien reçu votre message",
        "Bonjour {name},\n\nmerci pour votre message. Il est bien arrivé, et nous vous contacterons {expected}.\n\n"
        "Vous pouvez répondre directement à cet e-mail.\n\n"
        "Ou choisissez l’heure qui vous convient : {booking_link}\n\n{our_name}\n{phone}",
        "Bonjour {name}, merci pour votre message. Il est bien arrivé, et nous vous contacterons {expected}.\nChoisissez une heure : {booking_link}\n{our_name} {phone}",
        "très bientôt",
        "dès que possible",
        "Il n’est plus possible de choisir une heure ici. Répondez simplement à notre message et nous vous contacterons.",
        "aujourd’hui à partir de {time}",
        "demain à partir de {time}",
        "{day} à partir de {time}",
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ),
    "pt": Words(
        "Recebemos a sua mensagem",
        "Olá {first_name},\n\nobrigado pela sua mensagem. Ela chegou, e entraremos em contacto {expected}.\n\n"
        "Pode responder diretamente a este e-mail.\n\n"
        "Ou escolha a hora que lhe convém: {booking_link}\n\n{our_name}\n{phone}",
        "Olá {first_name}, obrigado pela sua mensagem. Ela chegou, e entraremos em contacto {expected}.\nEscolha uma hora: {booking_link}\n{our_name} {phone}",
        "em breve",
        "assim que possível",
        "Já não é possível escolher uma hora aqui. Responda à nossa mensagem e entraremos em contacto.",
        "hoje a partir das {time}",
        "amanhã a partir das {time}",
        "{day} a partir das {time}",
        ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    ),
    "hi": Words(
        "आपका संदेश हमें मिल गया है",
        "नमस्ते {first_name},\n\nआपके संदेश के लिए धन्यवाद। वह हमें मिल गया है, और हम आपसे {expected} संपर्क करेंगे।\n\n"
        "आप सीधे इस ई-मेल का उत्तर दे सकते हैं।\n\n"
        "या अपनी सुविधा का समय चुनें: {booking_link}\n\n{our_name}\n{phone}",
        "नमस्ते {first_name}, आपके संदेश के लिए धन्यवाद। वह हमें मिल गया है, और हम आपसे {expected} संपर्क करेंगे।\nसमय चुनें: {booking_link}\n{our_name} {phone}",
        "जल्द ही",
        "जितनी जल्दी हो सके",
        "यहाँ अब समय नहीं चुना जा सकता। हमारे संदेश का उत्तर दें, हम आपसे संपर्क करेंगे।",
        "आज {time} बजे से",
        "कल {time} बजे से",
        "{day} को {time} बजे से",
        ("सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"),
    ),
}

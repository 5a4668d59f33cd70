"""What the page says on which a prospect leaves, in the languages that ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Farewell:
    """`footer` and its link stand below what was not asked for. `{address}` is shown in part only."""

    footer: str
    title: str
    ask: str
    button: str
    left: str
    left_text: str
    undo: str
    back: str
    back_text: str
    wrong: str
    wrong_text: str


FAREWELLS: Mapping[str, Farewell] = {
    "en": Farewell(
        footer="Unsubscribe",
        title="Unsubscribe",
        ask="Do you not want to hear from us any more at {address}?",
        button="Unsubscribe",
        left="You are unsubscribed",
        left_text="We will not write to {address} any more.",
        undo="Undo: I do want to hear from you",
        back="Good to have you back",
        back_text="We may write to {address} again.",
        wrong="This link does not work",
        wrong_text="It may be incomplete. Please open it from the message again, or answer the message with STOP.",
    ),
    "de": Farewell(
        footer="Abmelden",
        title="Abmelden",
        ask="Möchten Sie an {address} nichts mehr von uns hören?",
        button="Abmelden",
        left="Sie sind abgemeldet",
        left_text="Wir schreiben nicht mehr an {address}.",
        undo="Rückgängig: Ich möchte von Ihnen hören",
        back="Schön, dass Sie wieder da sind",
        back_text="Wir dürfen wieder an {address} schreiben.",
        wrong="Dieser Link funktioniert nicht",
        wrong_text="Vielleicht ist er unvollständig. Öffnen Sie ihn bitte noch einmal aus der Nachricht, oder antworten "
        "Sie mit STOPP.",
    ),
    "es": Farewell(
        footer="Darse de baja",
        title="Darse de baja",
        ask="¿Ya no desea recibir mensajes nuestros en {address}?",
        button="Darme de baja",
        left="Se ha dado de baja",
        left_text="No volveremos a escribir a {address}.",
        undo="Deshacer: sí quiero recibir sus mensajes",
        back="Nos alegra tenerle de vuelta",
        back_text="Podemos volver a escribir a {address}.",
        wrong="Este enlace no funciona",
        wrong_text="Puede que esté incompleto. Ábralo de nuevo desde el mensaje o responda con la palabra BAJA.",
    ),
    "fr": Farewell(
        footer="Se désinscrire",
        title="Se désinscrire",
        ask="Ne souhaitez-vous plus recevoir nos messages à {address} ?",
        button="Me désinscrire",
        left="Vous êtes désinscrit(e)",
        left_text="Nous n’écrirons plus à {address}.",
        undo="Annuler : je souhaite recevoir vos messages",
        back="Heureux de vous retrouver",
        back_text="Nous pouvons de nouveau écrire à {address}.",
        wrong="Ce lien ne fonctionne pas",
        wrong_text="Il est peut-être incomplet. Ouvrez-le de nouveau depuis le message, ou répondez ARRET.",
    ),
    "pt": Farewell(
        footer="Cancelar a subscrição",
        title="Cancelar a subscrição",
        ask="Não quer receber mais mensagens nossas em {address}?",
        button="Cancelar a subscrição",
        left="A subscrição foi cancelada",
        left_text="Não voltaremos a escrever para {address}.",
        undo="Anular: quero receber as vossas mensagens",
        back="Que bom tê-lo(a) de volta",
        back_text="Podemos voltar a escrever para {address}.",
        wrong="Esta ligação não funciona",
        wrong_text="Pode estar incompleta. Abra-a de novo a partir da mensagem, ou responda PARAR.",
    ),
    "hi": Farewell(
        footer="सदस्यता समाप्त करें",
        title="सदस्यता समाप्त करें",
        ask="क्या आप {address} पर हमारे संदेश अब नहीं पाना चाहते?",
        button="सदस्यता समाप्त करें",
        left="आपकी सदस्यता समाप्त हो गई है",
        left_text="हम अब {address} पर नहीं लिखेंगे।",
        undo="पूर्ववत करें: मैं आपके संदेश पाना चाहता/चाहती हूँ",
        back="आपका फिर से स्वागत है",
        back_text="हम {address} पर फिर से लिख सकते हैं।",
        wrong="यह लिंक काम नहीं करता",
        wrong_text="शायद यह अधूरा है। कृपया इसे संदेश से फिर खोलें, या संदेश के उत्तर में STOP लिखें।",
    ),
}


def farewell(language: str) -> tuple[str, Farewell]:
    """With the language that it is in: English where there is no text."""
    code = language[:2].lower()
    return (code, FAREWELLS[code]) if code in FAREWELLS else ("en", FAREWELLS["en"])

"""How to set a system up over there, in three lines each."""

from collections.abc import Mapping

from leadrouting.intake.models import Kind

META = "As verify token enter the one of this connection; as its secret here, the app's secret (App settings, Basic)."

STEPS: Mapping[str, tuple[str, str, str]] = {
    Kind.WHATSAPP: (
        "In Meta's app dashboard open WhatsApp, Configuration, and paste the address as callback URL.",
        META,
        "Subscribe to the field “messages”.",
    ),
    Kind.META: (
        "In Meta's app dashboard open Webhooks, choose “Page”, paste the address, and subscribe to “leadgen”.",
        META,
        "As access token enter a page token that may read leads (leads_retrieval): the answers are fetched with it.",
    ),
    Kind.GOOGLE: (
        "In Google Ads open the lead form, “Export leads from Google Ads”, and then “Other data integration options”.",
        "Paste the address as webhook URL; make up a key and enter it there and as the secret here.",
        "“Send test data” is answered with success and leaves no lead.",
    ),
    Kind.TYPEFORM: (
        "In Typeform open the form, Connect, Webhooks, and add the address.",
        "Edit the webhook, make up a secret, and enter it there and here.",
        "Switch the webhook on and send a test: it shows among the deliveries.",
    ),
    Kind.HUBSPOT: (
        "Let a HubSpot app, or a workflow's webhook, send form submissions to the address by POST.",
        "As secret enter the app's client secret.",
        "All three versions of HubSpot's signature are understood.",
    ),
    Kind.CALENDLY: (
        "Create a webhook subscription with Calendly's API, with the address as “url”.",
        "Ask for invitee.created, invitee.canceled and, if you use routing forms, routing_form_submission.created.",
        "Send a signing key along (signing_key) and enter the same as the secret here.",
    ),
    Kind.CAL: (
        "In Cal.com open Settings, Developer, Webhooks, and paste the address as subscriber URL.",
        "Choose booking created, rescheduled, cancelled and rejected.",
        "Make up a secret and enter it there and here.",
    ),
}

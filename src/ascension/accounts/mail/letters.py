"""What the letters say, in English and French, as plain text and as simple HTML.

Nothing that a stranger typed stands in a letter, neither a name nor an address: nobody can use ours to write
their own words to somebody else.
"""

import html
from dataclasses import dataclass
from typing import Literal

from ascension.accounts.choices import Language

LetterKind = Literal[
    "registration",
    "email_taken",
    "password_reset",
    "password_changed",
    "payment_failed",
    "plan_ended",
    "invitation",
    "coach_invitation",
]


@dataclass(frozen=True)
class Wording:
    """One letter in one language. `link`: what the link says; `footnote`: what if the letter is a mistake."""

    subject: str
    text: str
    link: str
    footnote: str


@dataclass(frozen=True)
class Letter:
    """Ready to be sent."""

    subject: str
    text: str
    html: str


_EN: dict[LetterKind, Wording] = {
    "registration": Wording(
        "Confirm your e-mail for Ascension",
        "Welcome. One step is left: open this link and type the password that you chose.",
        "Confirm my e-mail",
        "The link works for 24 hours. If you did not ask for an account, leave this letter alone: "
        "without the password nobody gets one with your address.",
    ),
    "email_taken": Wording(
        "You have an Ascension account already",
        "Somebody, probably you, asked for an account with this address. There is one already, so nothing "
        "was changed. Log in, or choose a new password if you forgot yours.",
        "Log in or choose a new password",
        "If it was not you, there is nothing to do.",
    ),
    "password_reset": Wording(
        "Choose a new password for Ascension",
        "Somebody, probably you, forgot the password of this account. This link lets you choose a new one.",
        "Choose a new password",
        "The link works once, for 30 minutes. If it was not you, leave this letter alone: your password "
        "stays.",
    ),
    "password_changed": Wording(
        "Your Ascension password was changed",
        "The password of your account was changed just now, and every other session was ended.",
        "It was not me: choose a new password",
        "If it was you, there is nothing to do.",
    ),
    "payment_failed": Wording(
        "Your Ascension plan could not be paid",
        "The last payment for your plan failed. It goes on for some days, so that you can pay; your account "
        "says until when. After that you have the free plan, and nothing of yours is deleted.",
        "See my plan and pay",
        "If you no longer want the plan, there is nothing to do.",
    ),
    "plan_ended": Wording(
        "Your Ascension plan has ended",
        "What you paid for is over. Your videos, analyses and everything you saved stay; from now on you "
        "have what the free plan holds, or what you were given.",
        "See my plan",
        "If that is what you wanted, there is nothing to do.",
    ),
    "invitation": Wording(
        "You are invited to Ascension",
        "Film a climb with your phone, and see your skeleton, balance and joint angles on every frame. "
        "This link makes your account.",
        "Make my account",
        "The link works once, for 14 days, and only with this address. If you do not want it, do nothing.",
    ),
    "coach_invitation": Wording(
        "A climber asks you to coach them on Ascension",
        "Somebody wants to show you their climbs: the clip with skeleton, measures and moves, and room for "
        "your comments on every moment. Log in with this address, or make an account with it, and accept.",
        "See the invitation",
        "The link works for 14 days, and only with this address. If you do not want it, do nothing.",
    ),
}

_FR: dict[LetterKind, Wording] = {
    "registration": Wording(
        "Confirme ton e-mail pour Ascension",
        "Bienvenue. Il reste une étape : ouvre ce lien et tape le mot de passe que tu as choisi.",
        "Confirmer mon e-mail",
        "Le lien fonctionne pendant 24 heures. Si tu n’as pas demandé de compte, laisse cette lettre : "
        "sans le mot de passe, personne n’en obtient avec ton adresse.",
    ),
    "email_taken": Wording(
        "Tu as déjà un compte Ascension",
        "Quelqu’un, sans doute toi, a demandé un compte avec cette adresse. Il en existe déjà un, donc rien "
        "n’a changé. Connecte-toi, ou choisis un nouveau mot de passe si tu as oublié le tien.",
        "Me connecter ou choisir un nouveau mot de passe",
        "Si ce n’était pas toi, il n’y a rien à faire.",
    ),
    "password_reset": Wording(
        "Choisis un nouveau mot de passe pour Ascension",
        "Quelqu’un, sans doute toi, a oublié le mot de passe de ce compte. Ce lien permet d’en choisir un "
        "nouveau.",
        "Choisir un nouveau mot de passe",
        "Le lien fonctionne une fois, pendant 30 minutes. Si ce n’était pas toi, laisse cette lettre : ton "
        "mot de passe reste.",
    ),
    "password_changed": Wording(
        "Ton mot de passe Ascension a changé",
        "Le mot de passe de ton compte vient d’être changé, et toutes les autres sessions sont terminées.",
        "Ce n’était pas moi : choisir un nouveau mot de passe",
        "Si c’était toi, il n’y a rien à faire.",
    ),
    "payment_failed": Wording(
        "Ta formule Ascension n’a pas pu être payée",
        "Le dernier paiement de ta formule a échoué. Elle continue quelques jours, le temps de payer ; ton "
        "compte dit jusqu’à quand. Ensuite tu auras la formule gratuite, et rien de ce qui est à toi ne sera "
        "supprimé.",
        "Voir ma formule et payer",
        "Si tu ne veux plus de la formule, il n’y a rien à faire.",
    ),
    "plan_ended": Wording(
        "Ta formule Ascension est terminée",
        "Ce que tu payais est terminé. Tes vidéos, tes analyses et tout ce que tu as gardé restent ; tu as "
        "désormais ce que contient la formule gratuite, ou celle qui t’a été offerte.",
        "Voir ma formule",
        "Si c’est ce que tu voulais, il n’y a rien à faire.",
    ),
    "invitation": Wording(
        "Tu es invité sur Ascension",
        "Filme une ascension avec ton téléphone, et vois ton squelette, ton équilibre et tes angles sur "
        "chaque image. Ce lien crée ton compte.",
        "Créer mon compte",
        "Le lien fonctionne une fois, pendant 14 jours, et seulement avec cette adresse. Si tu n’en veux "
        "pas, ne fais rien.",
    ),
    "coach_invitation": Wording(
        "Un grimpeur te demande d’être son coach sur Ascension",
        "Quelqu’un veut te montrer ses ascensions : le clip avec squelette, mesures et mouvements, et la "
        "place pour tes commentaires à chaque instant. Connecte-toi avec cette adresse, ou crée un compte "
        "avec elle, puis accepte.",
        "Voir l’invitation",
        "Le lien fonctionne pendant 14 jours, et seulement avec cette adresse. Si tu n’en veux pas, ne fais "
        "rien.",
    ),
}

_WORDINGS: dict[Language, dict[LetterKind, Wording]] = {"en": _EN, "fr": _FR}


def write(kind: LetterKind, language: Language, link: str) -> Letter:
    """The letter with this link in it."""
    wording = _WORDINGS[language][kind]
    text = f"{wording.text}\n\n{wording.link}:\n{link}\n\n{wording.footnote}\n\nAscension\n"
    words = {name: html.escape(value) for name, value in {**vars(wording), "to": link}.items()}
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{words['subject']}</title></head>"
        '<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">'
        f"<p>{words['text']}</p>"
        f'<p><a href="{words["to"]}" style="display:inline-block;padding:.7em 1.2em;background:#b4451f;'
        f'color:#fff;border-radius:.4em;text-decoration:none">{words["link"]}</a></p>'
        f'<p style="color:#555;font-size:.9em;overflow-wrap:anywhere">{words["to"]}</p>'
        f'<p style="color:#555">{words["footnote"]}</p><p>Ascension</p></body></html>\n'
    )
    return Letter(wording.subject, text, page)

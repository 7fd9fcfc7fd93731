"""What the letters say, in English and French, as plain text and as simple HTML.

Nothing that a stranger typed stands in a letter, neither a name nor an address: nobody can use ours to write
their own words to somebody else.
"""

import html
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ascension.accounts.choices import Language
from ascension.accounts.mail.queries import QueuedKind

LetterKind = Literal[QueuedKind, "email_taken"]
"""The last is what a wish for an account becomes where there is one."""


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


_STOP_EN = "You get this letter because you asked for it. On your account page you can turn it off: {account}"
_STOP_FR = (
    "Tu reçois cette lettre parce que tu l’as demandée. Tu peux l’arrêter sur ta page de compte : {account}"
)
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
    "codes_off": Wording(
        "Logging in to Ascension asks for no codes any more",
        "Whoever runs the platform turned the codes of your account off, because they were asked to. From "
        "now on your password alone logs in. Turn codes on again with your new phone.",
        "See my account",
        "If you did not ask for it, change your password now, and tell whoever runs the platform.",
    ),
    "factor_added": Wording(
        "Your Ascension account has a new way to log in",
        "A passkey, codes of an app or new recovery codes were added to your account just now.",
        "See my account",
        "If it was you, there is nothing to do. If not, change your password now, and remove what you do not "
        "know.",
    ),
    "factor_removed": Wording(
        "A way to log in to your Ascension account was removed",
        "A passkey, or the codes of an app, were removed from your account just now.",
        "See my account",
        "If it was you, there is nothing to do. If not, change your password now, and end every other "
        "session.",
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
    "guardian_asked": Wording(
        "A young climber needs your agreement for Ascension",
        "Somebody who is too young to agree alone named you as parent or guardian. Ascension analyzes clips "
        "of climbs: it draws the body on every frame and says how it moved. Nothing can be uploaded until "
        "you agree. Keep this letter: by the same link you can take your agreement back at any time, and "
        "the account with everything in it is then deleted.",
        "Read more, and decide",
        "If you know no such climber, do nothing: without you, nothing can be uploaded.",
    ),
    "account_leaving": Wording(
        "Your Ascension account will be deleted",
        "As you asked, your account is closed from now on: every session and every shared link has ended. "
        "On {date} it is erased for good with everything in it. Until then you can log in and keep it.",
        "Log in and keep my account",
        "If you did not ask for this, log in, keep the account and choose a new password.",
    ),
    "account_erased": Wording(
        "Your Ascension account is erased",
        "Your account is gone with everything in it. Its videos and pictures are removed from storage within "
        "minutes. This is the last letter to this address.",
        "To Ascension",
        "There is nothing to do.",
    ),
    "export_ready": Wording(
        "Your Ascension data is ready",
        "The archive with everything that your account holds is ready. It can be fetched until {date}, then "
        "it is removed.",
        "Fetch my archive",
        "If you did not ask for it, log in and choose a new password.",
    ),
    "result_ready": Wording(
        "Your climb is ready on Ascension",
        "One of your clips has been analyzed: skeleton, measures and advice are there.",
        "See my climb",
        _STOP_EN,
    ),
    "result_failed": Wording(
        "A clip could not be analyzed on Ascension",
        "One of your clips has no result. Its page says why, and what helps.",
        "See why",
        _STOP_EN,
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
    "codes_off": Wording(
        "La connexion à Ascension ne demande plus de code",
        "Les responsables de la plateforme ont désactivé les codes de ton compte, car on le leur a demandé : "
        "désormais, ton mot de passe suffit. Réactive-les avec ton nouveau téléphone.",
        "Voir mon compte",
        "Si tu ne l’as pas demandé, change ton mot de passe maintenant et préviens les responsables.",
    ),
    "factor_added": Wording(
        "Ton compte Ascension a un nouveau moyen de connexion",
        "Une clé d’accès, les codes d’une application ou de nouveaux codes de secours viennent d’être "
        "ajoutés à ton compte.",
        "Voir mon compte",
        "Si c’était toi, il n’y a rien à faire. Sinon, change ton mot de passe maintenant et retire ce que "
        "tu ne connais pas.",
    ),
    "factor_removed": Wording(
        "Un moyen de connexion à ton compte Ascension a été retiré",
        "Une clé d’accès, ou les codes d’une application, viennent d’être retirés de ton compte.",
        "Voir mon compte",
        "Si c’était toi, il n’y a rien à faire. Sinon, change ton mot de passe maintenant et termine toutes "
        "les autres sessions.",
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
    "guardian_asked": Wording(
        "Un jeune grimpeur a besoin de votre accord pour Ascension",
        "Quelqu’un de trop jeune pour accepter seul vous a nommé comme parent ou tuteur. Ascension étudie "
        "des clips d’escalade : le corps y est dessiné sur chaque image, et son mouvement expliqué. Rien ne "
        "peut être envoyé avant votre accord. Gardez cette lettre : par le même lien, vous pouvez revenir "
        "sur votre accord à tout moment, et le compte est alors supprimé avec tout ce qu’il contient.",
        "En savoir plus et décider",
        "Si vous ne connaissez pas ce grimpeur, ne faites rien : sans vous, rien ne peut être envoyé.",
    ),
    "account_leaving": Wording(
        "Ton compte Ascension va être supprimé",
        "Comme tu l’as demandé, ton compte est fermé dès maintenant : toutes les sessions et tous les liens "
        "partagés sont terminés. Le {date}, il sera effacé pour de bon avec tout ce qu’il contient. D’ici "
        "là, tu peux te connecter et le garder.",
        "Me connecter et garder mon compte",
        "Si tu n’as rien demandé, connecte-toi, garde le compte et choisis un nouveau mot de passe.",
    ),
    "account_erased": Wording(
        "Ton compte Ascension est effacé",
        "Ton compte est parti avec tout ce qu’il contenait. Ses vidéos et images sont retirées du stockage "
        "en quelques minutes. C’est la dernière lettre à cette adresse.",
        "Vers Ascension",
        "Il n’y a rien à faire.",
    ),
    "export_ready": Wording(
        "Tes données Ascension sont prêtes",
        "L’archive de tout ce que contient ton compte est prête. Elle peut être téléchargée jusqu’au {date}, "
        "puis elle est retirée.",
        "Télécharger mon archive",
        "Si tu ne l’as pas demandée, connecte-toi et choisis un nouveau mot de passe.",
    ),
    "result_ready": Wording(
        "Ton ascension est prête sur Ascension",
        "Un de tes clips a été analysé : squelette, mesures et conseils sont là.",
        "Voir mon ascension",
        _STOP_FR,
    ),
    "result_failed": Wording(
        "Un clip n’a pas pu être analysé sur Ascension",
        "Un de tes clips n’a pas de résultat. Sa page dit pourquoi, et ce qui aide.",
        "Voir pourquoi",
        _STOP_FR,
    ),
}

_WORDINGS: dict[Language, dict[LetterKind, Wording]] = {"en": _EN, "fr": _FR}


def write(
    kind: LetterKind, language: Language, link: str, *, day: date | None = None, account: str | None = None
) -> Letter:
    """The letter with this link in it. `day`: of those that name one; `account`: of those one can stop."""
    wording = _WORDINGS[language][kind]
    footnote = wording.footnote.format(account=account)
    wording = replace(wording, text=wording.text.format(date=day), footnote=footnote)
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

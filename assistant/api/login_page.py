"""The sign-in page as HTML."""

from __future__ import annotations

from html import escape

from assistant.access.callers import Caller

STYLE = """
:root { color-scheme: light dark; --paper: #f8fafc; --card: #fff; --ink: #1e293b; --soft: #526077;
  --line: #7b8aa1; --link: #1d4ed8; --on-link: #fff; --wrong: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --paper: #0f1523; --card: #172033; --ink: #e5eaf2; --soft: #a3b0c4;
  --line: #64748b; --link: #93b8ff; --on-link: #0f1523; --wrong: #fca5a5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { width: min(24rem, calc(100vw - 2rem)); padding: 2rem; background: var(--card); border-radius: 1rem;
  box-shadow: 0 1px 3px #0003; }
h1 { margin: 0 0 1rem; font-size: 1.35rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 500; }
input { width: 100%; padding: .6rem .75rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; margin-top: 1.5rem; padding: .65rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--on-link); background: var(--link); border: 0; border-radius: .5rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
a { color: var(--link); }
.wrong { margin: 0; color: var(--wrong); }
.hint { margin: 1.5rem 0 0; font-size: .875rem; color: var(--soft); }
"""
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>
{content}
</main></body></html>
"""
_FORM = """{problem}<form method="post" action="{root}/login">
<input type="hidden" name="next" value="{next_path}">
<label for="name">{name_label}</label>
<input id="name" name="name" value="{name}" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">{password_label}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>{sign_in}</button></form>
<p class="hint">{hint}</p>"""
_SIGNED_IN = """<p>{signed_in}</p><p><a href="{root}/">{to_chat}</a></p>
<form method="post" action="{root}/logout"><button>{sign_out}</button></form>"""

WORDS = {
    "en": {
        "title": "Sign in",
        "name_label": "Name",
        "password_label": "Password",
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "signed_in": "You are signed in as {name} ({role}).",
        "to_chat": "To the chat",
        "hint": "Whoever runs this assistant adds users with the command assistant users add.",
        "wrong": "Name and password do not belong together.",
        "throttled": "Too many attempts. Try again in {minutes} min.",
        "reader": "may ask",
        "editor": "may add and remove documents",
        "admin": "may also manage keys",
    },
    "de": {
        "title": "Anmelden",
        "name_label": "Name",
        "password_label": "Passwort",
        "sign_in": "Anmelden",
        "sign_out": "Abmelden",
        "signed_in": "Sie sind als {name} angemeldet ({role}).",
        "to_chat": "Zum Chat",
        "hint": "Wer diesen Assistenten betreibt, legt Benutzer mit dem Befehl assistant users add an.",
        "wrong": "Name und Passwort gehören nicht zusammen.",
        "throttled": "Zu viele Versuche. Versuchen Sie es in {minutes} Min. wieder.",
        "reader": "darf fragen",
        "editor": "darf Dokumente hinzufügen und löschen",
        "admin": "darf auch Schlüssel verwalten",
    },
}


def page(
    accept_language: str,
    *,
    root: str,
    next_path: str,
    problem: str = "",
    name: str = "",
    minutes: int = 0,
    signed_in: Caller | None = None,
) -> str:
    """The page; ``problem`` is "wrong", "throttled" or empty. Its language is the first that the browser names, if there are words for it."""
    language = accept_language[:2].lower() if accept_language[:2].lower() in WORDS else "en"
    words = WORDS[language]
    if signed_in is not None:
        signed_in_as = words["signed_in"].format(name=signed_in.name, role=words[signed_in.role])
        content = _SIGNED_IN.format(**_escaped({**words, "root": root, "signed_in": signed_in_as}))
    else:
        content = _form(words, root, next_path, problem, name, minutes)
    return _PAGE.format(language=language, title=escape(words["title"]), style=STYLE, content=content)


def _form(words: dict[str, str], root: str, next_path: str, problem: str, name: str, minutes: int) -> str:
    message = escape(words[problem].format(minutes=minutes)) if problem else ""
    values = _escaped({**words, "root": root, "next_path": next_path, "name": name})
    return _FORM.format(
        **values | {"problem": f'<p class="wrong" role="alert">{message}</p>' if message else ""}
    )


def _escaped(values: dict[str, str]) -> dict[str, str]:
    return {name: escape(value) for name, value in values.items()}

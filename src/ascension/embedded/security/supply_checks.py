"""How old and how well known what we lean on is."""

import stat

from ascension.embedded.layout import Home
from ascension.embedded.security.packages import MAX_AGE_DAYS, known, locked
from ascension.embedded.security.situation import Finding, Situation, Verdict


def advisories(situation: Situation) -> Finding:
    asked = "requirements/advisories.json, for every package of the locks"
    try:
        found = known(locked())
    except (OSError, ValueError, KeyError) as error:
        return situation.judge(holds=False, asked=asked, answered=f"cannot be read: {type(error).__name__}")
    if found.affected:
        named = "; ".join(f"{name} {', '.join(ids)}" for name, ids in sorted(found.affected.items()))
        return Finding(Verdict.FAIL, asked, named)
    age_days = found.age_days(situation.now.date())
    if age_days is None:
        return Finding(Verdict.WARN, asked, "never fetched: `make audit FETCH=1` where the network is")
    said = f"{age_days} days old, {len(found.not_looked_up)} of {found.count} packages not looked up"
    is_fresh = age_days <= MAX_AGE_DAYS and not found.not_looked_up
    return Finding(Verdict.PASS if is_fresh else Verdict.WARN, asked, said)


def own_secrets(situation: Situation) -> Finding:
    """Who else on this machine could read the platform's secrets."""
    asked = "where secrets come from"
    if situation.is_own:
        mode = stat.S_IMODE((Home.find(situation.variables).path / "secrets.json").stat().st_mode)
        verdict = Verdict.FAIL if mode & 0o077 else Verdict.PASS
        return Finding(verdict, asked, f"a file of this machine, mode {mode:04o}")
    static = situation.variables.get("AWS_ACCESS_KEY_ID", "").startswith("AKIA")
    if static:
        return situation.judge(
            holds=False, asked=asked, answered="a permanent AWS key: take the role of the task instead"
        )
    return situation.unseen(
        asked, "the environment; that it was filled from Secrets Manager cannot be seen in here"
    )

import { useEffect, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import type { Profile } from "./profile.ts";
import { ProfileForm } from "./profile-form.tsx";
import { loadProfile } from "./requests.ts";
import { words } from "./words.ts";

/** The profile as it is now, null until it is known. */
export function useProfile(): { profile: Profile | null; trouble: string | null } {
  const [profile, setProfile] = useState<Profile | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    persist({ signal, onTrouble: setTrouble }, () => loadProfile(signal))
      .then(setProfile)
      .catch((cause: unknown) => {
        if (!signal.aborted) setTrouble(asRequestError(cause).message);
      });
    return () => leaving.abort();
  }, []);
  return { profile, trouble };
}

export function ProfileLoader() {
  const { profile, trouble } = useProfile();
  if (profile !== null) return <ProfileForm known={profile} />;
  return trouble === null ? <p aria-busy="true">{words().loading}</p> : <Notice kind="error">{trouble}</Notice>;
}

import { Notice } from "../../components/notice.tsx";
import { useLoaded } from "../../lib/use-loaded.ts";
import { ProfileForm } from "./profile-form.tsx";
import { loadProfile } from "./requests.ts";
import { words } from "./words.ts";

export function ProfileLoader() {
  const { value: profile, reason } = useLoaded(loadProfile);
  if (profile !== null) return <ProfileForm known={profile} />;
  return reason === null ? <p aria-busy="true">{words().loading}</p> : <Notice kind="error">{reason}</Notice>;
}

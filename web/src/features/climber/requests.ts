import { answer, api } from "../../lib/api.ts";
import type { Profile } from "./profile.ts";

export function loadProfile(signal: AbortSignal): Promise<Profile> {
  return answer(api.GET("/api/v1/users/me/climber", { signal }));
}

export function saveProfile(profile: Profile): Promise<Profile> {
  return answer(api.PUT("/api/v1/users/me/climber", { body: profile }));
}

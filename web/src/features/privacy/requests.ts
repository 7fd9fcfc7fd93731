import type { components } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { language } from "../../lib/language.ts";

export type Consents = components["schemas"]["ConsentList"];
export type Text = components["schemas"]["DocumentRead"];
export type Ward = components["schemas"]["WardRead"];

export async function loadText(document: Text["document"], signal: AbortSignal): Promise<Text | null> {
  const { items } = await answer(api.GET("/api/v1/documents", { params: { query: { language: language.get() } }, signal }));
  return items.find((one) => one.document === document) ?? null;
}

export function loadConsents(signal: AbortSignal): Promise<Consents> {
  return answer(api.GET("/api/v1/users/me/consents", { signal }));
}

/** To what is in force now. */
export async function agree(): Promise<Consents> {
  const { accept } = await answer(api.GET("/api/v1/auth/sign-up"));
  return answer(api.POST("/api/v1/users/me/consents", { body: { accepted: accept } }));
}

export function withdraw(): Promise<Consents> {
  return answer(api.DELETE("/api/v1/users/me/consents"));
}

export async function remindGuardian(): Promise<void> {
  await answer(api.POST("/api/v1/users/me/guardian/letters"));
}

export function readWard(token: string): Promise<Ward> {
  return answer(api.POST("/api/v1/guardians/read", { body: { token } }));
}

export function agreeAsGuardian(token: string): Promise<Ward> {
  return answer(api.POST("/api/v1/guardians/agree", { body: { token } }));
}

export function withdrawAsGuardian(token: string): Promise<Ward> {
  return answer(api.POST("/api/v1/guardians/withdraw", { body: { token } }));
}

export type Archive = components["schemas"]["ExportRead"];

export async function loadArchives(signal: AbortSignal): Promise<Archive[]> {
  return (await answer(api.GET("/api/v1/users/me/exports", { signal }))).items;
}

export async function askForArchive(password: string | null): Promise<void> {
  await answer(api.POST("/api/v1/users/me/exports", { body: { password, language: language.get() } }));
}

/** The browser saves it; the page stays. */
export async function fetchArchive(id: string): Promise<void> {
  const { url } = await answer(api.GET("/api/v1/users/me/exports/{export_id}/link", { params: { path: { export_id: id } } }));
  window.location.assign(url);
}

export async function removeArchive(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/users/me/exports/{export_id}", { params: { path: { export_id: id } } }));
}

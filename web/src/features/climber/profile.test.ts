import assert from "node:assert/strict";
import { test } from "node:test";

import { formOf, isEmpty, isSameBody, kilogramsOf, massEntryOf, massLike, profileOf, type Profile } from "./profile.ts";

const told: Profile = { height_m: 1.743, arm_span_m: 1.78, mass_kg: 64.3, sex: "female", level: "advanced", missing: ["left_hand"], injured: ["right_foot"] };

test("what was told and not touched goes back unchanged, in any unit", () => {
  for (const unit of ["cm", "ft"] as const) {
    const form = formOf(told, unit);
    assert.deepEqual(profileOf({ ...form }, form, told), { profile: told });
  }
});

test("emptied fields are no longer told, refused ones are named", () => {
  const form = formOf(told, "cm");
  const emptied = profileOf({ ...form, height: { ...form.height, cm: "" }, mass: { ...form.mass, text: " " }, sex: null }, form, told);
  assert.deepEqual(emptied, { profile: { ...told, height_m: null, mass_kg: null, sex: null } });
  const refused = profileOf({ ...form, span: { ...form.span, cm: "290" }, mass: { ...form.mass, text: "much" } }, form, told);
  assert.deepEqual(refused, { bad: ["span", "mass"] });
});

test("masses are typed in kilograms or pounds", () => {
  assert.equal(kilogramsOf({ unit: "kg", text: "64,35" }), 64.35);
  assert.deepEqual(massEntryOf(Number(kilogramsOf({ unit: "lb", text: "68" })), "lb"), { unit: "lb", text: "68" });
  assert.deepEqual(massEntryOf(68, "lb"), { unit: "lb", text: "149.9" });
  assert.equal(kilogramsOf({ unit: "kg", text: "9.9" }), "bad");
  assert.equal(kilogramsOf({ unit: "kg", text: "" }), null);
});

test("a climb was analyzed with this body, or with another", () => {
  const { height_m: heightM, ...body } = told;
  assert.equal(isSameBody(told, { body_height_m: heightM ?? null, body }), true);
  assert.equal(isSameBody(told, { body_height_m: heightM ?? null, body: { ...body, level: null } }), false);
  assert.equal(isSameBody(told, {}), false);
  assert.equal(isEmpty({ missing: [], injured: [] }), true);
});

test("the mass goes with the unit of the length, and nothing is lost", () => {
  const form = formOf(told, "ft");
  const { mass } = massLike(form, form.height, { ...form.height, unit: "cm" });
  assert.deepEqual(mass, { unit: "kg", text: "64.3" });
  assert.deepEqual(massLike(form, form.height, { ...form.height, feet: "6" }), {});
  assert.deepEqual(formOf(told, "cm", "lb").mass.unit, "lb");
});

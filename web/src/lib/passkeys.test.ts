import assert from "node:assert/strict";
import { test } from "node:test";

import { isNumber } from "./passkeys.ts";

test("an address of a local network is a number, whatever is written like a name is none", () => {
  for (const number of ["192.168.1.20", "127.0.0.1", "[::1]", "[fe80::1]"]) assert.ok(isNumber(number), number);
  for (const name of ["localhost", "climb.example", "10.example", "my-mac.local"]) assert.ok(!isNumber(name), name);
});

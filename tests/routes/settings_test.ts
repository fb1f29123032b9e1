import { assertEquals, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { parseSettings } from "../../routes/settings.ts";

const KEY = "0123456789abcdef".repeat(4);

Deno.test("parseSettings() needs nothing in dev and the master key alone otherwise", () => {
  assertEquals(parseSettings({}, { dev: true }), {
    dev: true,
    port: 3000,
    data: ".data",
    kv: ".data/gaitkeeper.kv",
    origin: "http://localhost:3000",
    traces: undefined,
    trustedProxies: undefined,
    masterKey: undefined,
  });
  const { dev, masterKey } = parseSettings({ GAITKEEPER_MASTER_KEY: KEY }, { dev: false });
  assertEquals([dev, masterKey], [false, KEY]);
});

Deno.test("parseSettings() takes every variable, and an empty one for none", () => {
  const settings = parseSettings({
    PORT: "8080",
    GAITKEEPER_DATA: "/var/lib/gaitkeeper",
    GAITKEEPER_KV: "https://kv.example/connect",
    GAITKEEPER_ORIGIN: "https://gait.example/",
    GAITKEEPER_TRACES: "/var/lib/traces",
    GAITKEEPER_TRUSTED_PROXY: "10.0.0.0/8, 2001:db8::1",
    GAITKEEPER_MASTER_KEY: KEY,
    HOME: "/root",
  }, { dev: false });
  assertEquals(settings, {
    dev: false,
    port: 8080,
    data: "/var/lib/gaitkeeper",
    kv: "https://kv.example/connect",
    origin: "https://gait.example",
    traces: "/var/lib/traces",
    trustedProxies: ["10.0.0.0/8", "2001:db8::1"],
    masterKey: KEY,
  });
  const empty = {
    PORT: "",
    GAITKEEPER_DATA: "",
    GAITKEEPER_ORIGIN: "",
    GAITKEEPER_KV: "",
    GAITKEEPER_TRACES: "",
    GAITKEEPER_TRUSTED_PROXY: "",
  };
  assertEquals(parseSettings(empty, { dev: true }), parseSettings({}, { dev: true }));
});

Deno.test("parseSettings() refuses what it cannot serve with, naming the variable and no secret", () => {
  const wrong: [string, string][] = [
    ["PORT", "http"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["PORT", "3000.5"],
    ["GAITKEEPER_ORIGIN", "gait.example"],
    ["GAITKEEPER_ORIGIN", "ftp://gait.example"],
    ["GAITKEEPER_ORIGIN", "null"],
    ["GAITKEEPER_TRUSTED_PROXY", "proxy.example"],
    ["GAITKEEPER_TRUSTED_PROXY", "10.0.0.0/33"],
    ["GAITKEEPER_TRUSTED_PROXY", "10.0.0.0/"],
    ["GAITKEEPER_MASTER_KEY", "correct horse battery staple"],
    ["GAITKEEPER_MASTER_KEY", KEY.slice(2)],
  ];
  for (const [name, value] of wrong) {
    const error = assertThrows(
      () => parseSettings({ [name]: value }, { dev: true }),
      GaitkeeperError,
      name,
    );
    assertEquals(error.code, "settings_invalid");
    if (name === "GAITKEEPER_MASTER_KEY") assertEquals(error.message.includes(value), false);
  }
  assertThrows(() => parseSettings({}, { dev: false }), GaitkeeperError, "GAITKEEPER_MASTER_KEY");
});

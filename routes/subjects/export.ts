/** Everything that is kept of a subject, in words they can read. */
import { encodeBase64 } from "@std/encoding/base64";
import type { Context } from "hono";
import { z } from "zod";
import { GaitkeeperError } from "../../core/error.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { fromBlock, ObservationBlock } from "../../core/store/profiles.ts";
import { readSubjectRows, type SubjectRow } from "../../core/store/subject_rows.ts";
import { decodeFrame } from "../../core/wire.ts";
import type { AppDeps } from "../deps.ts";
import type { By, Whom } from "./acts.ts";

export const SubjectExport = z.object({
  subject: z.string(),
  exportedAt: z.iso.datetime(),
  pseudonym: z.string().meta({ description: "How the audit log calls them" }),
  about: z.record(z.string(), z.string()).meta({ description: "What each kind of record is" }),
  records: z.array(z.object({ kind: z.string(), of: z.string().optional(), content: z.unknown() })),
  audit: z.array(z.object({ at: z.iso.datetime(), actor: z.string(), action: z.string() })),
  traces: z.array(z.unknown()).meta({ description: "Recordings that were consented to" }),
});

export type SubjectExport = z.infer<typeof SubjectExport>;

/** What each kind of record is, for who has never seen one. */
const ABOUT: Readonly<Record<string, string>> = {
  consent: "What you agreed to, when and how.",
  seen: "When you last began a session.",
  profile:
    "How you usually type or move: for each window that was learned, its features in their own units, and a direction in which a model places your rhythm (embedding).",
  version: "An earlier state of such a profile, kept so that it can be gone back to, and why.",
  session:
    "One signed-in stay: its risk over time (0 to 100: how likely it was not you), what spoke for and against, and what was asked of you.",
  glance: "The same stay at a glance, for a list of those of the last day.",
  course: "How the same stay went, six bytes a moment, to try other settings on.",
  checkpoint:
    "What an open session needs to go on: among it the timings and key zones of at most one window, for a day at most. No keys and no text.",
  alert: "When a session looked like somebody else's, and why.",
  handling: "What people of your site made of such an alert.",
  factor: "A passkey or an authenticator app that you registered; the secret itself is left out.",
  unanswered: "A step-up that you were asked for and have not passed.",
  failures: "Step-ups that were failed lately.",
  challenge: "A question that waits for its answer.",
  ticket: "The right to open one connection, for 30 seconds.",
  sketch: "Marks by which a recording of you would be known again; they cannot be read back.",
  link: "A link to your own page that your site asked for and nobody has opened yet.",
  visit: "Your own page, being open; half an hour at most.",
  notice: "Something that your site is to be told.",
};

/**
 * Complete, but for secrets that would open something; that it was taken is written down.
 * @throws {GaitkeeperError} `not_found` when there is nothing of the subject; `template_unreadable`.
 */
export async function exportSubject(
  deps: Pick<AppDeps, "kv" | "vault" | "nowMs" | "audit" | "models" | "traces">,
  { tenant, subject }: Whom,
  by: By,
): Promise<SubjectExport> {
  const { kv, vault, nowMs, audit } = deps;
  const models = await deps.models;
  const rows = await Array.fromAsync(
    readSubjectRows(kv, await vault.dataKey(kv, tenant, subject)),
  );
  if (!rows.length) {
    throw new GaitkeeperError("not_found", "Cannot export: there is nothing of this subject");
  }
  const pseudonym = await audit.pseudonymOf(tenant, subject);
  const target = { kind: "subject", id: subject };
  await audit.record(tenant, { ...by, action: "subject.exported", target });
  return {
    subject,
    exportedAt: new Date(nowMs()).toISOString(),
    pseudonym,
    about: ABOUT,
    records: rows.map((row) => recordOf(row, models)),
    audit: await actsOn(deps, tenant, pseudonym),
    traces: await deps.traces?.read({ tenant, subject }) ?? [],
  };
}

function recordOf({ kind, of, value }: SubjectRow, models: ModelSet) {
  const { features } = of.startsWith("pointer") ? models.pointer : models.keyboard;
  const content = readable(value, features.map(({ name }) => name));
  return { kind, ...of ? { of } : {}, content };
}

/** An answer that a browser keeps as a file of this name (RFC 6266). */
export function downloadJson(c: Context, body: unknown, name: string): Response {
  return c.body(JSON.stringify(body, null, 2), 200, {
    "Content-Type": "application/json",
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

/** Names of what must not leave: whoever has it could pass for the subject, or for a page of theirs. */
const SECRET = new Set(["secret", "publicKey", "credential"]);

/** Times as dates, blocks as windows with named features, frames as events, other bytes as base64. */
function readable(value: unknown, features: readonly string[]): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (Array.isArray(value)) return value.map((item) => readable(item, features));
  if (typeof value !== "object" || value === null) return value;
  const block = ObservationBlock.safeParse(value);
  if (block.success) return windowsOf(block.data, features);
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => !SECRET.has(name)).map(([name, inner]) => {
      if (/(?:A|^a)tMs$/.test(name) && typeof inner === "number") {
        return [name.slice(0, -"Ms".length), new Date(inner).toISOString()];
      }
      if (name === "open" && inner instanceof Uint8Array) {
        return ["openWindow", decodeFrame(inner).events];
      }
      return [name, readable(inner, features)];
    }),
  );
}

function windowsOf(block: ObservationBlock, names: readonly string[]) {
  return fromBlock(block).map(({ endMs, vector, embedding }) => ({
    endedAt: new Date(endMs).toISOString(),
    // A profile of older models may have had other features.
    features: Object.fromEntries(
      Array.from(vector, (value, i) => [
        vector.length === names.length ? names[i] : `feature ${i + 1}`,
        Number.isFinite(value) ? value : null,
      ]),
    ),
    embedding: Array.from(embedding),
  }));
}

const AUDIT_PAGE = 200;

/** What operators, API keys and the subject did to what is kept of them. */
async function actsOn({ audit }: Pick<AppDeps, "audit">, tenant: string, pseudonym: string) {
  const acts: { at: string; actor: string; action: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await audit.list(tenant, { cursor, limit: AUDIT_PAGE });
    for (const { target, atMs, actor, action } of page.items) {
      if (target.kind !== "subject" || target.id !== pseudonym) continue;
      acts.push({ at: new Date(atMs).toISOString(), actor: `${actor.kind} ${actor.id}`, action });
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return acts.reverse();
}

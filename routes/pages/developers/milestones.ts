/** How far a site has come, as the store tells it. */
import { listGlances } from "../../../core/store/glances.ts";
import { listAlerts } from "../../../core/store/sessions.ts";
import type { Tenant } from "../../../core/tenant.ts";

/** Newest of each that are looked through. */
const SESSIONS_READ = 2000;
const ALERTS_READ = 200;

/** Something that happens once, and where it can be seen. */
export interface Milestone {
  readonly name: string;
  readonly isDone: boolean;
  /** What to do until then. */
  readonly hint: string;
  readonly href?: string;
}

interface Sight {
  readonly kv: Deno.Kv;
  readonly tenant: Tenant;
  readonly nowMs: number;
  /** Whether the subject is a browser that only watches itself on this service's own pages. */
  readonly isOwnPage: (subject: string) => boolean;
}

/** In the order in which they come. What this service's own pages sent of themselves does not count. */
export async function readMilestones(
  { kv, tenant, nowMs, isOwnPage }: Sight,
): Promise<Milestone[]> {
  const [glances, alerts] = await Promise.all([
    listGlances(kv, tenant.id, nowMs, SESSIONS_READ),
    listAlerts(kv, tenant.id, nowMs, { limit: ALERTS_READ }),
  ]);
  const sessions = glances.filter(({ subject }) => !isOwnPage(subject));
  const latest = sessions.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs)[0];
  const ready = sessions.find(({ keyboard, pointer }) =>
    keyboard.stage === "ready" || pointer.stage === "ready"
  );
  const alert = alerts.items.find(({ subject }) => !isOwnPage(subject));
  return [
    {
      name: "First session seen",
      isDone: latest !== undefined,
      hint: "Put the script on a page, open it, and type a line.",
      ...latest ? { href: `/sessions/${encodeURIComponent(latest.session)}` } : {},
    },
    {
      name: "First profile ready",
      isDone: ready !== undefined,
      hint: enrolmentWords(tenant),
      ...ready ? { href: `/subjects/${encodeURIComponent(ready.subject)}` } : {},
    },
    {
      name: "First alert",
      isDone: alert !== undefined,
      hint: "Let somebody else type in a session whose subject is known.",
      ...alert ? { href: `/alerts/${encodeURIComponent(alert.id)}` } : {},
    },
  ];
}

function enrolmentWords({ enrolment: { sessions, strong } }: Tenant): string {
  const over = sessions === 1 ? "in one session" : `over ${sessions} sessions`;
  const kind = strong ? " that began with a strong sign-in" : "";
  return `Type some 200 keys as one subject, ${over}${kind}.`;
}

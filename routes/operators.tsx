/** `/operators`: owners see who belongs to their tenant, invite, change roles and remove. */
import { type Context, Hono } from "hono";
import { GaitkeeperError } from "../core/error.ts";
import { Email } from "../core/operator.ts";
import { type Role, ROLES } from "../core/permission.ts";
import { createInvitation, listInvitations, revokeInvitation } from "../core/store/invitations.ts";
import { changeRole, listOperators, removeOperator } from "../core/store/memberships.ts";
import {
  isRecent,
  type OperatorEnv,
  requireRecent,
  requireRole,
} from "./middleware/credentials.ts";
import { type OperatorDeps, pageOrigin, placeOf } from "./operators/deps.ts";
import { answerForm, readForm } from "./operators/forms.ts";
import { actOf } from "./operators/sign_in.ts";
import { type Invited, OperatorsPage } from "./operators/members_page.tsx";
import { renderDocument } from "./views/document.tsx";

type Env = Context<OperatorEnv>;

const PATH = "/operators";
const DONE: Readonly<Record<string, string>> = {
  role: "The role was changed; it counts at once.",
  removed: "The operator was removed; their sessions are over.",
  revoked: "The invitation was taken back.",
};

export function createOperators(deps: OperatorDeps) {
  const { kv, audit, nowMs } = deps;
  const page = async (
    c: Env,
    more: { problem?: string; done?: string; invited?: Invited } = {},
  ) => {
    const { operator } = c.var;
    const [operators, invitations] = await Promise.all([
      listOperators(kv, operator.tenant),
      listInvitations(kv, operator.tenant, nowMs()),
    ]);
    const props = { operators, invitations, self: operator, recent: isRecent(operator, nowMs()) };
    return renderDocument({
      title: "Operators",
      path: PATH,
      operator,
      children: <OperatorsPage {...props} {...more} />,
    });
  };
  const byOf = (c: Env) => actOf(c.var.operator, placeOf(deps, c));
  /** Acts on what the path names, then shows the list again. */
  const act = (done: string, run: (c: Env, id: string) => Promise<void>) => (c: Env) =>
    answerForm(c, async () => {
      await run(c, c.req.param("id")!);
      return c.redirect(`${PATH}?done=${done}`, 303);
    }, (problem) => page(c, { problem }));

  return new Hono<OperatorEnv>()
    .use(PATH, requireRole("operators:manage"))
    .use(`${PATH}/*`, requireRole("operators:manage"))
    .post(`${PATH}/*`, requireRecent(deps, PATH))
    .get(PATH, async (c) => {
      const done = DONE[c.req.query("done") ?? ""];
      return c.html(await page(c, done ? { done } : {}));
    })
    .post(`${PATH}/invitations`, async (c) => {
      const form = await readForm(c);
      return await answerForm(c, async () => {
        const request = { email: form("email"), role: form("role") };
        const { invitation, secret } = await invite(deps, c.var.operator.tenant, request, byOf(c));
        const link = `${pageOrigin(deps, c)}/invitation#${secret}`;
        return c.html(await page(c, { invited: { email: invitation.email, link } }));
      }, (problem) => page(c, { problem }));
    })
    .post(
      `${PATH}/invitations/:id/revoke`,
      act(
        "revoked",
        (c, id) => revokeInvitation(audit, { tenant: c.var.operator.tenant, id, by: byOf(c) }),
      ),
    )
    .post(
      `${PATH}/:id/role`,
      act("role", async (c, id) => {
        const role = roleOf((await readForm(c))("role"));
        await changeRole(audit, { tenant: c.var.operator.tenant, operator: id, role, by: byOf(c) });
      }),
    )
    .post(
      `${PATH}/:id/remove`,
      act(
        "removed",
        (c, id) =>
          removeOperator(audit, { tenant: c.var.operator.tenant, operator: id, by: byOf(c) }),
      ),
    );
}

async function invite(
  { audit }: OperatorDeps,
  tenant: string,
  given: { readonly email: string; readonly role: string },
  by: ReturnType<typeof actOf>,
) {
  const email = Email.safeParse(given.email);
  if (!email.success) {
    throw new GaitkeeperError(
      "request_invalid",
      "Cannot invite: the e-mail address must be one, such as you@example.com",
    );
  }
  return await createInvitation(audit, { tenant, email: email.data, role: roleOf(given.role) }, by);
}

function roleOf(text: string): Role {
  const role = ROLES.find((name) => name === text);
  if (role) return role;
  throw new GaitkeeperError("request_invalid", "Cannot go on: the role must be one of the list");
}

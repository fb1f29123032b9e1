/** What the profiles of a subject know, what they still need, and the versions they went through. */
import { can } from "../../../core/permission.ts";
import { PROFILE_SIZE } from "../../../core/profile.ts";
import { DEFAULT_TENANT_SETTINGS, type Enrolment } from "../../../core/tenant.ts";
import { Time } from "../../../islands/dashboard/time.tsx";
import { missingWords, MODALITY_WORDS } from "../../../islands/dashboard/words.ts";
import type { SessionRecord } from "../../../core/store/sessions.ts";
import type { TemplateVersion } from "../../../core/store/versions.ts";
import { Sure } from "../../operators/views.tsx";
import type { Self } from "./rights.tsx";
import type { ModalityKnowledge } from "../../subjects/knowledge.ts";

const STAGE_WORDS = { cold: "Cold", learning: "Learning", ready: "Ready" } as const;

export interface StagesProps {
  readonly modalities: readonly ModalityKnowledge[];
  readonly enrolment: Enrolment;
  readonly sessions: readonly SessionRecord[];
}

/** How many of the sessions came with which class of device, the most frequent first. */
function devicesOf(sessions: readonly SessionRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { device } of sessions) {
    if (device) counts.set(device, (counts.get(device) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([device, count]) =>
    `${device === "keyboard" ? "keyboard alone" : device} ${count}`
  );
}

export function Stages({ modalities, enrolment, sessions }: StagesProps) {
  const devices = devicesOf(sessions);
  return (
    <>
      <div class="stages">
        {modalities.map((known) => <StageOf key={known.modality} known={known} />)}
      </div>
      <p class="hint">
        One profile a modality covers all devices of the subject: profiles are not kept apart by
        device class.
        {devices.length > 0 && ` Sessions that are kept, by device class: ${devices.join(", ")}.`}
        {enrolment.sessions > DEFAULT_TENANT_SETTINGS.enrolment.sessions &&
          ` A profile is ready when it is spread over ${enrolment.sessions} sessions.`}
        {enrolment.strong && " Only sessions that began with a strong sign-in teach it."}
      </p>
    </>
  );
}

function StageOf({ known }: { known: ModalityKnowledge }) {
  const { modality, stage, learned, kept, missing, sinceMs, isOutdated } = known;
  const { ready } = PROFILE_SIZE[modality];
  const name = MODALITY_WORDS[modality];
  return (
    <section class="stage" aria-label={`${name} profile`}>
      <h3>{name}</h3>
      <p class={`stage-name stage-${stage}`}>{STAGE_WORDS[stage]}</p>
      <progress aria-label={`${name} profile`} max={ready} value={Math.min(ready, learned)} />
      <p>
        {missing
          ? `About ${missingWords(missing)} until it speaks.`
          : "It speaks in every session."}
      </p>
      {isOutdated && (
        <p>
          What was learned before belongs to earlier models, and is not used any more.
        </p>
      )}
      <p class="hint">
        {learned === 0 ? "Nothing learned yet." : (
          <>
            {learned} windows learned, {kept} kept
            {sinceMs === undefined ? "" : (
              <>
                , the oldest of <Time ms={sinceMs} show="day" />
              </>
            )}.
          </>
        )}
      </p>
    </section>
  );
}

const REASON_WORDS: Readonly<Record<TemplateVersion["reason"], string>> = {
  enrolled: "The profile became ready",
  learned: "First learned on a new day",
  step_up: "A passed step-up vouched for what it learned",
  rolled_back: "Rolled back",
};

export interface VersionsProps {
  readonly known: ModalityKnowledge;
  /** Path of the subject's page. */
  readonly path: string;
  readonly self: Self;
}

export function Versions({ known: { modality, versions }, path, self }: VersionsProps) {
  const mayChange = self.recent && can(self.role, "subjects:write");
  const name = MODALITY_WORDS[modality];
  return (
    <>
      <h3>{name}</h3>
      {versions.length === 0
        ? <p class="empty">None yet: the first is kept when the profile is ready.</p>
        : (
          <div class="scroll" tabindex={0} role="region" aria-label={`${name} versions`}>
            <table class="rows rows-stacked">
              <thead>
                <tr>
                  <th scope="col">Version</th>
                  <th scope="col">Made</th>
                  <th scope="col">Why</th>
                  <th scope="col" class="versions-windows">Windows</th>
                  {mayChange && (
                    <th scope="col">
                      <span class="visually-hidden">Roll back</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {versions.map(({ number, atMs, reason, rolledBackTo, windows }, i) => (
                  <tr key={number}>
                    <th scope="row">
                      <span class="narrow-label">Version</span> {number}
                      {i === 0 && <span class="chip">latest</span>}
                    </th>
                    <td>
                      <Time ms={atMs} />
                    </td>
                    <td>
                      {REASON_WORDS[reason]}
                      {rolledBackTo === undefined ? "" : ` to version ${rolledBackTo}`}
                    </td>
                    <td class="versions-windows">
                      {windows} <span class="narrow-label">windows learned</span>
                    </td>
                    {mayChange && (
                      <td class="acts">
                        <Sure
                          action={`${path}/templates/${modality}/${number}/rollback`}
                          what="Roll back"
                          of={` the ${modality} profile to version ${number}`}
                          sure={`Forget what came after version ${number}`}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </>
  );
}

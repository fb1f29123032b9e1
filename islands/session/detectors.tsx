/** What each detector said of the newest window that it judged. */
import type { SessionDetail } from "../../routes/live/feed.ts";
import { factorWords, MODALITY_WORDS } from "../dashboard/words.ts";

const DETECTOR_WORDS: Readonly<Record<string, { readonly name: string; readonly how: string }>> = {
  sequence: { name: "Rhythm as a whole", how: "distance from the profile's windows (LSTM)" },
  verifier: { name: "Features together", how: "chance of someone else (random forest)" },
  isolationForest: {
    name: "Features that stand out",
    how: "how easily told from the profile (isolation forest)",
  },
  steadiness: { name: "Steadiness", how: "how alike the profile's own windows are" },
  crowd: { name: "Likeness to anybody", how: "how far the rhythm is like most people's" },
};

export function Detectors({ detail }: { detail: SessionDetail }) {
  const { detectors = {} } = detail;
  const rows = (["keyboard", "pointer"] as const).flatMap((modality) =>
    Object.entries(detectors[modality] ?? {}).map(([name, said]) => ({ modality, name, ...said }))
  );
  const script = detail.reasons.filter(({ source, key }) =>
    source === "automation" && key !== "rest"
  );
  return (
    <>
      {rows.length === 0
        ? (
          <p class="empty">
            No detector has spoken. Each does once it has learned enough of this person.
          </p>
        )
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="What each detector said">
            <table class="detectors">
              <thead>
                <tr>
                  <th scope="col">Of the newest window</th>
                  <th scope="col">By</th>
                  <th scope="col" class="number">Score</th>
                  <th scope="col" class="number">Odds</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ modality, name, score, nats }) => (
                  <tr key={`${modality} ${name}`}>
                    <th scope="row">
                      {DETECTOR_WORDS[name]?.name ?? name}
                      <span class="sub">{DETECTOR_WORDS[name]?.how}</span>
                    </th>
                    <td>{MODALITY_WORDS[modality]}</td>
                    <td class="number">{score.toFixed(2)}</td>
                    <td class={`number ${nats < 0 ? "towards-subject" : "towards-other"}`}>
                      {factorWords(nats)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      <p class="detectors-script">
        {script.length === 0
          ? "No sign of a script."
          : `Signs of a script: ${script.map(({ words }) => words).join("; ")}.`}
      </p>
    </>
  );
}

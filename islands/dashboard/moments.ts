/** Moments in the reader's own zone and language; on the server, which knows neither, in UTC. */

/** moment: day and time; day: the day alone; clock: the time alone, to the second. */
export type MomentStyle = "moment" | "day" | "clock";

const STYLES: Readonly<Record<MomentStyle, Intl.DateTimeFormatOptions>> = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "medium" },
  clock: { timeStyle: "medium" },
};

/** As the reader writes it. */
export function localMoment(ms: number, style: MomentStyle): string {
  return format(ms, style, undefined, undefined);
}

/** "23 Nov 2026, 13:12 UTC". */
export function utcMoment(ms: number, style: MomentStyle): string {
  return `${format(ms, style, "en-GB", "UTC")}${style === "day" ? "" : " UTC"}`;
}

function format(
  ms: number,
  style: MomentStyle,
  language: string | undefined,
  timeZone: string | undefined,
): string {
  const options = { ...STYLES[style], ...timeZone ? { timeZone } : {} };
  try {
    return new Intl.DateTimeFormat(language, options).format(ms);
  } catch (error) {
    // A system language that `Intl` does not know.
    if (error instanceof RangeError && language !== "en-GB") {
      return format(ms, style, "en-GB", timeZone);
    }
    throw error;
  }
}

/** Of pages without islands: every `time` that the server wrote in UTC. */
export function localiseTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-style]")) {
    if (element.closest(".island")) continue;
    const style = element.dataset.style as MomentStyle;
    element.textContent = localMoment(Date.parse(element.dateTime), style);
  }
}

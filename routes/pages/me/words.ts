/** Every text of the page on which somebody sees what is known of them: for who knows nothing of it. */
import type { Missing, Stage } from "../../../core/profile.ts";
import type { AlertRecord, SessionRecord } from "../../../core/store/sessions.ts";
import type { Modality } from "../../../core/window.ts";
import { missingWords } from "../../../islands/dashboard/words.ts";

export const WORDS = {
  title: "What is known of you",
  lead: (site: string) =>
    `${site} uses a service called Gaitkeeper. While you are signed in, it looks at how you type and move the pointer: the rhythm, never what you write. It learns how that usually looks, so that ${site} can notice when somebody else uses your account.`,
  open: {
    title: "See what is known of you",
    text: (site: string) =>
      `${site} made you a link to a page that shows what is kept of how you type and move the pointer. It can be opened once, and stays open for half an hour. On it you can pause the watching, end it, take everything with you, or delete it.`,
    button: "Open my page",
  },
  going: { title: "One moment", link: "Go on to your page" },
  closed: {
    title: "This link does not work",
    text:
      "A link to your page can be opened once, within 15 minutes, and the page then stays open for half an hour. This one is over, was opened already, or was not copied whole.",
    next: "Go back to the site that gave it to you and ask for a new one there.",
  },
  left: {
    title: "Your page is closed",
    text:
      "Nobody who uses this browser after you can open it again. The site makes you a new link whenever you want one.",
  },
  status: {
    on: "Watching is on.",
    paused: "Watching is paused.",
    off: "Watching has ended, because your agreement was withdrawn.",
    never: "There is no agreement of yours, so nobody watches you.",
    since: "You agreed",
    to: (version: string, how: string) => `to version ${version} of the site's text (${how}).`,
    withdrawn: "It was withdrawn",
    pausedSince: "You paused it",
    until: "It goes on by itself",
    untilYou: "It stays so until you resume.",
  },
  sure: {
    title: "How well it knows you",
    names: { keyboard: "How you type", pointer: "How you move the pointer" },
    unknown: "That cannot be told just now. Try again in a minute.",
    unreadable: "What was learned cannot be opened any more. You can still delete it.",
    wrong: "It is sometimes wrong; then the site may ask you for a proof though it is you.",
  },
  kept: {
    title: "What is kept",
    typing: "How you type",
    moving: "How you move",
    samples: (count: number) => `${counted(count, "sample")}, each a list of averages`,
    typingExample: "such as how long you hold a letter key, or pause after a space",
    movingExample: "such as how fast you move and how straight",
    oldest: "the oldest of",
    nothing: "nothing yet",
    versions: "Earlier states",
    versionsText: (count: number) =>
      count ? `${count} of what was learned, kept so that a mistake can be undone` : "none yet",
    sessions: "Your sessions",
    sessionsText: (count: number, days: number) =>
      `${counted(count, "session")}: when, and how likely it was you; each is deleted after ${
        counted(days, "day")
      }`,
    alerts: "Alarms",
    alertsText: (count: number, days: number) =>
      count
        ? `${counted(count, "time")} it did not look like you; deleted after ${
          counted(days, "day")
        }`
        : "none: it always looked enough like you",
    factors: "Your proofs",
    factorsText: (count: number) =>
      count
        ? `${counted(count, "passkey or app", "passkeys or apps")} by which you can prove it is you`
        : "no passkey or app is registered here",
    open: "An open session",
    openText:
      "the rhythm of your last strokes and movements, for a day at most, so that it can go on",
    marks: "Marks",
    marksText:
      "by which a recording of you would be noticed if somebody played it back; nobody can read them back",
    log: "A log",
    logText:
      "of what was done with all this, and by whom; it knows you by a made-up name, and is kept when the rest is deleted",
    recordings: "Recordings",
    recordingsText: "only if you allowed them; they are part of the download",
    idle: (days: number) =>
      `What was learned is sealed with a key of your own, and deleted when you have not been there for ${
        counted(days, "day")
      }.`,
  },
  never: {
    title: "What is not kept",
    items: [
      "What you type: no text, no words, no passwords.",
      "Which key you press: only its kind, such as a letter, a digit or the space bar.",
      "What you copy, paste or fill in: only that you did.",
      "What is on the page, or which page it is.",
    ],
  },
  sessions: {
    title: "Your last sessions",
    none: "No session is kept.",
    more: (count: number) => `And ${counted(count, "older session")}.`,
  },
  pause: {
    title: "Pause",
    text:
      "Your agreement stays and nothing is deleted. Nobody looks until you resume, or the time is over. The site is told that you paused, and may ask you to prove who you are in other ways.",
    label: "For how long",
    button: "Pause now",
    resume: "Resume",
    resumeText: "The next page that you open on the site is watched again.",
  },
  withdraw: {
    title: "Withdraw your agreement",
    text:
      "Nobody looks any more, at once. What was learned stays, unread, until you delete it here, or you agree again on the site.",
    button: "Withdraw",
    sure: "Withdraw my agreement",
  },
  take: {
    title: "Take everything with you",
    text: "One file with all of it, in words a program can read too (JSON).",
    button: "Download everything",
  },
  erase: {
    title: "Delete everything",
    text:
      "Your agreement, what was learned with the key that opens it, your sessions, alarms and proofs are deleted at once, and this page closes. It cannot be undone; you can agree again at any time, and it starts from nothing.",
    button: "Delete",
    word: "delete",
    label: "To go on, type the word delete",
    sure: "Delete everything for good",
    wrongWord: "Nothing was deleted: the word you typed must be “delete”",
  },
  receipt: {
    title: "Everything was deleted",
    text:
      "Nothing of yours is left here. So that the site can show that it was done, its log keeps this, under a name that only it can connect with you:",
    receipt: "Receipt",
    at: "Deleted",
    records: "Records deleted",
    recordings: "Recordings deleted",
    pseudonym: "Your name in the log",
    keep:
      "Save or print this page if you want to keep the receipt. A copy that you downloaded is yours; nobody can delete it from here.",
  },
  close: "Close my page",
  openUntil: "This page stays open until",
  done: {
    paused: "Watching is paused.",
    resumed: "Watching goes on with the next page that you open on the site.",
    withdrawn: "Your agreement was withdrawn.",
  },
} as const;

/** How long a pause may be, ms; `undefined` lasts until it is ended. */
export const PAUSES = {
  hour: ["1 hour", 3600_000],
  day: ["1 day", 24 * 3600_000],
  week: ["1 week", 7 * 24 * 3600_000],
  month: ["30 days", 30 * 24 * 3600_000],
  open: ["Until I resume", undefined],
} as const satisfies Record<string, readonly [string, number | undefined]>;

const WHOM: Readonly<Record<Modality, string>> = {
  keyboard: "your typing",
  pointer: "how you move the pointer",
};

export function stageWords(modality: Modality, stage: Stage, missing: Missing | undefined): string {
  const whom = WHOM[modality];
  if (stage === "ready") return `It knows ${whom} well enough to tell you from others.`;
  const needs = missing ? ` It needs about ${missingWords(missing)}.` : "";
  if (stage === "cold") return `It does not know ${whom} yet.${needs}`;
  return `It is getting to know ${whom}.${needs}`;
}

/** How a session went, for the one whose it was. */
export function sessionWords(
  { level, action, confidence, assurance }: SessionRecord,
  alert: AlertRecord | undefined,
): string {
  if (alert || action !== "allow") {
    const worst = alert?.action ?? action;
    const told = worst === "block" ? "was told to end it" : "was told to ask you for a proof";
    const proved = assurance ? " You proved that it was you." : "";
    return level === "unknown" && !alert
      ? `It could not tell; to be safe, the site ${told}.${proved}`
      : `At times it did not look like you, and the site ${told}.${proved}`;
  }
  if (confidence === 0) return "It looked on, and did not know enough to tell.";
  return level === "low" ? "It looked like you." : "It mostly looked like you.";
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

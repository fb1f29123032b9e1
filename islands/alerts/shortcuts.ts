/**
 * Single keys that act on the queue. They can be switched off (WCAG 2.2, 2.1.4), are silent wherever
 * text is typed, and leave every combination to the browser.
 */
import { ACT_NAMES, type ActName, ACTS } from "./queue.ts";

const STORED_AT = "gaitkeeper.alerts.shortcuts";

export interface ShortcutHandlers {
  readonly move: (by: 1 | -1) => void;
  readonly choose: () => void;
  readonly act: (name: ActName) => void;
  readonly undo: () => void;
  readonly search: () => void;
  readonly help: () => void;
}

/** Said in the help dialog, in this order; those that change something to who may alone. */
export const shortcutWords = (
  mayAct: boolean,
): readonly (readonly [keys: string, does: string])[] => [
  ["j, k", "next and previous alert"],
  ...mayAct ? ACT_WORDS : [],
  ["/", "search"],
  ["?", "this help"],
];

const ACT_WORDS = [
  ["x", "choose the alert, or let it go"],
  ...ACT_NAMES.map((name) => [ACTS[name].key, ACTS[name].label.toLowerCase()] as const),
  ["z", "undo"],
] as const;

export function areShortcutsOn(): boolean {
  return localStorage.getItem(STORED_AT) !== "off";
}

export function switchShortcuts(on: boolean): void {
  localStorage.setItem(STORED_AT, on ? "on" : "off");
}

/** Listens until the returned function is called. */
export function listenForShortcuts(handlers: ShortcutHandlers): () => void {
  const acts = new Map(ACT_NAMES.map((name) => [ACTS[name].key, name]));
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!areShortcutsOn() || isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const act = acts.get(event.key);
    if (act) handlers.act(act);
    else if (event.key === "j") handlers.move(1);
    else if (event.key === "k") handlers.move(-1);
    else if (event.key === "x") handlers.choose();
    else if (event.key === "z") handlers.undo();
    else if (event.key === "/") handlers.search();
    else if (event.key === "?") handlers.help();
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox])"));
}

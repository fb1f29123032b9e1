/** Says new alerts to those who hear the page: gathered, so that a bad minute is one sentence. */
import { type Signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AlertView } from "../../routes/live/feed.ts";
import { LEVEL_WORDS } from "./words.ts";

/** At most one sentence in this time. */
const GATHER_MS = 8000;

export interface AnnouncerProps {
  /** `news` holds alerts that were raised or made worse since the page was opened. */
  readonly state: { readonly news: Signal<readonly AlertView[]> };
}

export function Announcer({ state }: AnnouncerProps) {
  const waiting = useRef<AlertView[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [words, setWords] = useState("");

  const speak = () => {
    timer.current = undefined;
    if (waiting.current.length === 0) return;
    setWords(announcementOf(waiting.current));
    waiting.current = [];
    timer.current = setTimeout(speak, GATHER_MS);
  };
  useSignalEffect(() => {
    waiting.current.push(...state.news.value);
    if (timer.current === undefined) speak();
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return <div class="visually-hidden" role="status">{words}</div>;
}

export function announcementOf(alerts: readonly AlertView[]): string {
  const [first] = alerts;
  if (alerts.length !== 1 || !first) return `${alerts.length} new alerts`;
  return `New alert: ${LEVEL_WORDS[first.level].toLowerCase()} risk for ${first.subject}`;
}

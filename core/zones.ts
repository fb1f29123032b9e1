/**
 * The only place that ever sees a key. A physical key becomes one of nine zones before anything
 * leaves the browser; splitting letters any finer would let a dictionary read words back.
 */
export const ZONES = [
  "letter",
  "digit",
  "punctuation",
  "space",
  "erase",
  "enterOrTab",
  "modifier",
  "navigation",
  "other",
] as const;

/** A group of keys that the server may know apart. */
export type Zone = typeof ZONES[number];

const ZONE_OF_CODE: readonly (readonly [RegExp, Zone])[] = [
  [/^Key/, "letter"],
  [/^(Digit|Numpad)\d$/, "digit"],
  [/^Space/, "space"],
  [/(Backspace|Delete)$/, "erase"],
  [/(Enter|Tab)$/, "enterOrTab"],
  [/^(Shift|Control|Alt|Meta|OS|CapsLock|Fn)/, "modifier"],
  [/^(Arrow|Home|End|Page)/, "navigation"],
  [
    /^(Minus|Equal|Bracket|Back|Semicolon|Quote|Comma|Period|Slash|Intl|Numpad)/,
    "punctuation",
  ],
];

/**
 * Zone of a `KeyboardEvent.code` (UI Events KeyboardEvent code Values, W3C). An unknown or empty
 * code is `other`: a soft keyboard gives none.
 */
export function zoneOfCode(code: string): Zone {
  for (const [pattern, zone] of ZONE_OF_CODE) if (pattern.test(code)) return zone;
  return "other";
}

// Plain data, so that a bundle without `zoneOfKeyCode` can drop it.
const KEY_CODES_OF_ZONE: readonly (readonly [Zone, readonly number[]])[] = [
  ["space", [32]],
  ["erase", [8, 46]],
  ["enterOrTab", [13, 9]],
  ["modifier", [16, 17, 18, 20, 91, 92, 93, 224, 225]],
  ["navigation", [33, 34, 35, 36, 37, 38, 39, 40]],
  // deno-fmt-ignore
  ["punctuation", [
    59, 61, 106, 107, 109, 110, 111, 173, 186, 187, 188, 189, 190, 191, 192, 219, 220, 221, 222,
    226,
  ]],
];

/**
 * Zone of a legacy `KeyboardEvent.keyCode`, which recorded traces carry. Agrees with
 * {@linkcode zoneOfCode} on every key of a US keyboard.
 */
export function zoneOfKeyCode(keyCode: number): Zone {
  if (keyCode >= 65 && keyCode <= 90) return "letter";
  if ((keyCode >= 48 && keyCode <= 57) || (keyCode >= 96 && keyCode <= 105)) return "digit";
  return KEY_CODES_OF_ZONE.find(([, keyCodes]) => keyCodes.includes(keyCode))?.[0] ?? "other";
}

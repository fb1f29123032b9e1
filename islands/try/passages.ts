/** What the guided page gives to type: plain words, so that hands and not spelling are measured. */
export const PASSAGES: readonly string[] = [
  "The ferry leaves at nine, and the people on the quay know each other by the way they wave.",
  "My neighbour hears from the stairs who is coming home, long before a key turns in the lock.",
  "A drummer who joins a band for one song is known by the third bar, whatever the song is.",
  "Handwriting was once proof enough: a bank clerk looked at the loops and paid out the money.",
  "Nobody thinks about their thumbs, and yet each of them lands on the space bar in its own way.",
  "On a long walk two friends fall into step, but a third can still tell whose boots those are.",
  "The old telegraph clerks called it a fist: the beat of a hand that no other hand could send.",
  "When the rain stops, the market opens again, and everyone shouts in the voice they have.",
];

/** How far a text was typed as given: the rest of it counts as still to come. */
export function correctLength(given: string, typed: string): number {
  let length = 0;
  while (length < typed.length && typed[length] === given[length]) length++;
  return Math.min(length, given.length);
}

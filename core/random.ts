/** Seeded randomness: whoever needs chance is handed it, so the same seed gives the same result. */

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * Small fast counter generator (sfc32, Doty-Humphrey's PractRand; passes BigCrush), 128 bits of
 * state. For forests and made-up people, never for secrets.
 *
 * @param seed any integer; its low 32 bits count.
 */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed >>> 0, 1];
  const random = () => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) random();
  return random;
}

/** A promise and what settles it: `Promise.withResolvers`, which not every browser has yet. */
export function pending<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => resolve = settle);
  return { promise, resolve };
}

import { assert, assertEquals } from "@std/assert";
import { pointerVector } from "../../../core/features/pointer.ts";
import { decimate, EMBEDDED_HZ, FEATURES_HZ, seenAt } from "../../../core/features/pointer_rate.ts";
import { pointerChunks } from "../../../core/features/pointer_tensor.ts";
import type { StreamEvent } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { pointerWindow } from "./pointer_windows.ts";

Deno.test("decimate() thins a pointer without losing any of its way", () => {
  const sample = (timeMs: number, dx: number): StreamEvent => {
    return { kind: "pointer", timeMs, dx, dy: -dx, dragging: false };
  };
  const press: StreamEvent = { kind: "button", timeMs: 15, dwellMs: 80, button: 0 };
  const events = [sample(0, 1), sample(10, 2), press, sample(20, 3), sample(30, 4), sample(40, 5)];
  const slower = decimate(events, 50);
  assertEquals(slower, [sample(0, 1), press, sample(20, 5), sample(40, 9)]);
  assertEquals(decimate(events, 1000), events);
  assert(slower.length < events.length);
});

Deno.test("decimate() changes nothing in what it has thinned", () => {
  const events = createHand(4).move(20_000, 1000);
  for (const hz of [FEATURES_HZ, ...EMBEDDED_HZ]) {
    const once = decimate(events, hz);
    assert(once.length < events.length);
    assertEquals(decimate(once, hz), once);
  }
});

Deno.test("seenAt() makes a fast mouse and a slow one the same window", () => {
  const fast = pointerWindow(createHand(5).move(12_800, 1000));
  for (const hz of [...EMBEDDED_HZ, 20]) {
    const slow = seenAt(fast, hz);
    assertEquals(pointerChunks(seenAt(slow, hz)), pointerChunks(seenAt(fast, hz)));
  }
  assertEquals(pointerVector(seenAt(fast, FEATURES_HZ)), pointerVector(fast));
});

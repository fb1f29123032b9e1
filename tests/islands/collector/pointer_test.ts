import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import fc from "fast-check";
import type { StreamEvent } from "../../../core/wire.ts";
import { Pointer, type PointerFacts } from "../../../islands/collector/pointer.ts";

function pointer() {
  const events: StreamEvent[] = [];
  const pointer = new Pointer((event) => events.push(event), (timeStamp) => 1e6 + timeStamp);
  const follow = (facts: Partial<PointerFacts>) => {
    const event: PointerFacts = {
      type: "pointermove",
      pointerType: "mouse",
      isPrimary: true,
      clientX: 0,
      clientY: 0,
      button: -1,
      buttons: 0,
      timeStamp: 0,
      ...facts,
    };
    pointer.follow(event, [event]);
  };
  const of = (kind: StreamEvent["kind"]) => events.filter((event) => event.kind === kind);
  return { pointer, events, follow, of };
}

Deno.test("Pointer samples add up to the way, at least 8 ms apart", () => {
  const moves = fc.array(
    fc.record({
      gapMs: fc.double({ min: 0.1, max: 40, noNaN: true }),
      clientX: fc.double({ min: 0, max: 2000, noNaN: true }),
      clientY: fc.double({ min: 0, max: 1000, noNaN: true }),
    }),
    { minLength: 2, maxLength: 60 },
  );
  fc.assert(fc.property(moves, (moves) => {
    const { events, follow } = pointer();
    let timeStamp = 0;
    const places = new Map<number, [number, number]>();
    for (const { gapMs, clientX, clientY } of moves) {
      timeStamp += gapMs;
      places.set(1e6 + timeStamp, [Math.round(clientX), Math.round(clientY)]);
      follow({ timeStamp, clientX, clientY });
    }
    let [x, y] = [...places.values()][0]!;
    let lastMs = -Infinity;
    for (const event of events) {
      if (event.kind !== "pointer") continue;
      [x, y] = [x + event.dx, y + event.dy];
      assertEquals(places.get(event.timeMs), [x, y]);
      assertGreaterOrEqual(event.timeMs - lastMs, 8 - 1e-6);
      lastMs = event.timeMs;
    }
  }));
});

Deno.test("Pointer takes no way from where a finger was lifted to where it comes down", () => {
  const { follow, of } = pointer();
  const touch = { pointerType: "touch", buttons: 1 };
  follow({ ...touch, type: "pointerdown", button: 0, clientX: 10, timeStamp: 0 });
  follow({ ...touch, clientX: 30, timeStamp: 20 });
  follow({ ...touch, type: "pointerup", button: 0, buttons: 0, clientX: 30, timeStamp: 40 });
  follow({ ...touch, type: "pointerdown", button: 0, clientX: 500, timeStamp: 900 });
  follow({ ...touch, clientX: 505, timeStamp: 920 });
  assertEquals(of("pointer").map((event) => (event as { dx: number }).dx), [20, 5]);
  assertEquals(of("button"), [{ kind: "button", timeMs: 1e6, dwellMs: 40, button: 0 }]);
});

Deno.test("Pointer invents no dwell for a release that it did not see", () => {
  const { follow, of } = pointer();
  follow({ type: "pointerdown", button: 0, buttons: 1, timeStamp: 0 });
  follow({ buttons: 0, clientX: 40, timeStamp: 700 });
  follow({ type: "pointerup", button: 0, buttons: 0, timeStamp: 800 });
  assertEquals(of("button"), []);
});

Deno.test("Pointer follows the primary pointer alone and names its device on change", () => {
  const { follow, of } = pointer();
  follow({ timeStamp: 0 });
  follow({ timeStamp: 20, clientX: 5 });
  follow({ timeStamp: 30, pointerType: "touch", isPrimary: false, clientX: 90 });
  follow({ timeStamp: 40, pointerType: "pen", clientX: 300 });
  follow({ timeStamp: 60, pointerType: "", clientX: 300 });
  const devices = of("device").map((event) => (event as { device: string }).device);
  assertEquals(devices, ["mouse", "pen", "unknown"]);
  assertEquals(of("pointer").length, 1);
});

Deno.test("Pointer turns lines, pages and fractions of a wheel into whole pixels", () => {
  const { pointer: wheeled, of } = pointer();
  const turn = (deltaY: number, deltaMode: number) =>
    wheeled.wheel({ deltaX: 0, deltaY, deltaMode, timeStamp: 0 }, 700);
  turn(3, 1);
  turn(-1, 2);
  for (let i = 0; i < 10; i++) turn(0.25, 0);
  const steps = of("wheel").map((event) => (event as { dy: number }).dy);
  assertEquals(steps, [48, -700, 1, 1]);
  assert(of("wheel").every((event) => (event as { dx: number }).dx === 0));
});

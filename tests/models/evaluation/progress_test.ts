import { assertEquals } from "@std/assert";
import { ProgressBar } from "../../../models/evaluation/progress.ts";

function createScreen(isTerminal: boolean) {
  const written: string[] = [];
  return { written, screen: { isTerminal, write: (text: string) => void written.push(text) } };
}

Deno.test("ProgressBar redraws its one line on a terminal and takes it away", () => {
  const { written, screen } = createScreen(true);
  const bar = new ProgressBar(screen);
  bar.show(0.5, "12 strokes");
  bar.hide();
  assertEquals(written, ["\r\x1b[2K[############------------]  50 %  12 strokes", "\r\x1b[2K"]);
});

Deno.test("ProgressBar writes a line for every tenth where there is no terminal", () => {
  const { written, screen } = createScreen(false);
  const bar = new ProgressBar(screen);
  for (let share = 0; share <= 100; share++) bar.show(share / 100, "");
  bar.hide();
  assertEquals(written.length, 10);
  assertEquals(written.at(-1), "[########################] 100 %  \n");
});

/** Buttons that copy what stands in another element; without a script they are not there. */

/** How long a button says what it did, ms. */
const SAID_MS = 2000;

/** Brings every `[data-copy]` button to life; its value is the id of what it copies. */
export function enableCopying(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const name = button.firstChild!;
    const words = name.textContent;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The button's own text is changed, and said by it as it has the focus.
    button.ariaLive = "polite";
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy!)!;
      name.textContent = await copy(source) ? "Copied" : "Selected: now copy";
      clearTimeout(timer);
      timer = setTimeout(() => name.textContent = words, SAID_MS);
    });
    button.hidden = false;
  }
}

/** Whether the clipboard took it; a page that is not secure has none, and then it is selected. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent!);
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}

/** Fields that are never listened to. */

/** Put it on an element to keep the collector out of it. */
const IGNORED = "[data-gaitkeeper-ignore]";

const SECRET = [
  "input[type=password i]",
  ...["current-password", "new-password", "one-time-code"].map((use) =>
    `[autocomplete~="${use}" i]`
  ),
].join();

/**
 * Remembers what is, or ever was, a password field: the element, and its name and id within the
 * page, because a "show password" may change the type or put another element in its place. Looks
 * into open shadow trees as soon as an event comes out of one; what is typed into a closed one cannot
 * be told from a password and counts as one.
 */
export class Secrets {
  #fields = new WeakSet<Node>();
  #names = new Set<string>();
  #watched = new WeakSet<Node>();
  #observer = new MutationObserver((changes) => {
    // Only a field that was secret before the change matters: what it is now is read when needed.
    for (const { target, oldValue } of changes) {
      if (/password|one-time-code/i.test(oldValue ?? "")) this.#remember(target as Element);
    }
  });

  constructor(readonly document: Document) {
    this.look([document]);
    for (const { shadowRoot } of document.querySelectorAll("*")) {
      if (shadowRoot) this.look([shadowRoot]);
    }
  }

  /** Looks for secret fields in the trees that `path`, an event's, leads through. */
  look(path: readonly EventTarget[]): void {
    for (const root of path) {
      if (!(root instanceof Document || root instanceof ShadowRoot)) continue;
      for (const field of root.querySelectorAll(SECRET)) this.#remember(field);
      if (this.#watched.has(root)) continue;
      this.#watched.add(root);
      this.#observer.observe(root, {
        subtree: true,
        attributeFilter: ["type", "autocomplete"],
        attributeOldValue: true,
      });
    }
    const field = path[0];
    if (!(field instanceof HTMLElement)) return;
    // A text field can be dressed up as a password field.
    const dress = getComputedStyle(field).getPropertyValue("-webkit-text-security");
    if (dress && dress !== "none") this.#remember(field);
  }

  /** Whether keys at `target`, the innermost element of an event's path, are nobody's business. */
  has(target: EventTarget | undefined): boolean {
    if (!(target instanceof Element)) return false;
    if (this.#fields.has(target)) return true;
    if (target.matches(SECRET) || namesOf(target).some((name) => this.#names.has(name))) {
      this.#remember(target);
      return true;
    }
    return isInClosedTree(target) || this.isIgnored(target);
  }

  /** Whether the page asked to keep out of `target`. */
  isIgnored(target: EventTarget | undefined): boolean {
    let inner = target instanceof Element ? target : undefined;
    while (inner) {
      if (inner.closest(IGNORED)) return true;
      const root = inner.getRootNode();
      inner = root instanceof ShadowRoot ? root.host : undefined;
    }
    return false;
  }

  stop(): void {
    this.#observer.disconnect();
  }

  #remember(field: Element): void {
    this.#fields.add(field);
    for (const name of namesOf(field)) this.#names.add(name);
  }
}

function namesOf(field: Element): string[] {
  return field instanceof HTMLInputElement ? [field.name, field.id].filter(Boolean) : [];
}

/** An element that has the keys but cannot have the focus: something closed inside it has it. */
function isInClosedTree(target: Element): boolean {
  return target instanceof HTMLElement && target.tabIndex < 0 && !target.shadowRoot &&
    !target.hasAttribute("tabindex") && !target.isContentEditable &&
    target !== document.body && target !== document.documentElement;
}

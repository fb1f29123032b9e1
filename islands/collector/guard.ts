/**
 * `run`, made safe to hand to the host page's event loop: what it throws ends here. A page that
 * changed a prototype under us loses a little of the collector, never anything of its own.
 */
export function guarded<Args extends unknown[]>(
  run: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      run(...args);
    } catch {
      // Nobody here to tell: the console is the host's.
    }
  };
}

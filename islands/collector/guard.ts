/**
 * `run`, made safe to hand to the host page's event loop: what it throws ends here. A page that
 * changed a prototype under us loses a little of the collector, never anything of its own.
 */
export function guarded<Arg = void>(run: (arg: Arg) => void): (arg: Arg) => void {
  return (arg) => {
    try {
      run(arg);
    } catch {
      // Nobody here to tell: the console is the host's.
    }
  };
}

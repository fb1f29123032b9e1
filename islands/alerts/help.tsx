/** What single keys do here, and the switch that silences them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Switch } from "./calls.tsx";
import { areShortcutsOn, shortcutWords, switchShortcuts } from "./shortcuts.ts";

export interface ShortcutHelpProps {
  readonly mayAct: boolean;
  readonly onClose: () => void;
}

export function ShortcutHelp({ mayAct, onClose }: ShortcutHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(areShortcutsOn());
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="keys-heading" onClose={onClose}>
      <h2 id="keys-heading">Keys</h2>
      <dl class="alert-facts">
        {shortcutWords(mayAct).map(([keys, does]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <Switch on={on} onSwitch={() => (switchShortcuts(!on), setOn(!on))}>Single keys</Switch>
      <form method="dialog" class="dialog-end">
        <button type="submit" class="button button-main">Close</button>
      </form>
    </dialog>
  );
}

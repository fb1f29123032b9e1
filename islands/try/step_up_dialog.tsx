/** Where a real site would ask for a passkey, this page says so. */
import { useEffect, useRef } from "preact/hooks";

export interface StepUpDialogProps {
  readonly open: boolean;
  readonly onWatch: () => void;
  readonly onReset: () => void;
}

export function StepUpDialog({ open, onWatch, onReset }: StepUpDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="step-up-heading" onClose={() => open && onWatch()}>
      <h2 id="step-up-heading">This site would now ask for your passkey</h2>
      <p>
        The hands on the keyboard no longer seem to be yours, so the service has asked this page to
        step up. You would touch a sensor and go on; a stranger would get no further.
      </p>
      <p>Nobody is locked out by behaviour alone: it only decides when to ask.</p>
      <div class="try-actions">
        <button type="button" class="button button-main" onClick={onWatch}>See why</button>
        <button type="button" class="button" onClick={onReset}>Forget me and start over</button>
      </div>
    </dialog>
  );
}

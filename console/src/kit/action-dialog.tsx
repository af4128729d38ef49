import type { ComponentChildren } from 'preact';
import type { Action } from '../api/use-action.ts';
import { KIT } from '../texts/kit.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorPanel } from './error-panel.tsx';

interface ActionDialogProps {
  readonly title: string;
  /** The verb of the button. */
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly action: Pick<Action<never, unknown>, 'isRunning' | 'problem'>;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * A dialog that confirms an action, with its error. Without inputs, "Cancel" has the focus at first: a person who presses
 * Enter twice confirms nothing.
 */
export function ActionDialog({
  title,
  confirm,
  isDangerous,
  action,
  onConfirm,
  onClose,
  children,
}: ActionDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        {children}
        {action.problem && <ErrorPanel problem={action.problem} />}
        <div class="actions">
          <Button onClick={onClose}>{KIT.cancel}</Button>
          <Button type="submit" kind={isDangerous ? 'danger' : 'filled'} isBusy={action.isRunning}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { isReadOnly } from '../session/session.ts';
import { readOnlyReason } from '../shell/operators.ts';

interface ButtonProps {
  readonly children: ComponentChildren;
  /** One filled button on a screen. Default: plain. */
  readonly kind?: 'filled' | 'plain' | 'danger' | undefined;
  /** Leads to this address instead of calling `onClick`. */
  readonly href?: string | undefined;
  readonly onClick?: (() => void) | undefined;
  readonly type?: 'button' | 'submit' | undefined;
  /** A request runs. The button keeps its focus and does nothing. */
  readonly isBusy?: boolean | undefined;
  /** Why the action is not possible. It is shown on hover and focus, and read out. */
  readonly disabledReason?: string | undefined;
  readonly label?: string | undefined;
}

export function Button({
  children,
  kind = 'plain',
  href,
  onClick,
  type,
  isBusy,
  disabledReason,
  label,
}: ButtonProps) {
  const reasonId = useId();
  const isOff = isBusy === true || disabledReason !== undefined;
  if (href !== undefined && !isOff) {
    return (
      <a class={`button ${kind}`} href={href} aria-label={label}>
        {children}
      </a>
    );
  }
  const button = (
    <button
      type={type ?? 'button'}
      class={`button ${kind}`}
      aria-disabled={isOff}
      aria-busy={isBusy}
      aria-describedby={disabledReason && reasonId}
      aria-label={label}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
  if (disabledReason === undefined) return button;
  return (
    <span class="has-tip">
      {button}
      <span class="tip" role="tooltip" id={reasonId}>
        {disabledReason}
      </span>
    </span>
  );
}

/** A button for an action that changes or sends something: read-only sessions see why it is not possible. */
export function ActionButton(props: ButtonProps) {
  return <Button {...props} disabledReason={isReadOnly() ? readOnlyReason() : props.disabledReason} />;
}

import type { ComponentChildren } from 'preact';
import { STATUS_WORDS } from '../texts/kit.ts';
import { Icon, type IconName } from './icon.tsx';
import { isStatus, STATUSES, type Status, type Tone } from './status.ts';

/** A status as icon, word and tint. A status that this console does not know is shown by its name. */
export function StatusBadge({
  status,
  children,
}: {
  status: Status | (string & {});
  children?: ComponentChildren;
}) {
  if (!isStatus(status)) return <Badge tone="quiet">{status}</Badge>;
  const { icon, tone } = STATUSES[status];
  return (
    <Badge tone={tone} icon={icon}>
      {children ?? STATUS_WORDS[status]}
    </Badge>
  );
}

export function Badge({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <span class={`badge tone-${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

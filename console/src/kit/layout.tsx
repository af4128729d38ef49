import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Tone } from './status.ts';

interface Crumb {
  readonly href: string;
  readonly text: ComponentChildren;
}

export interface ScreenHeadProps {
  readonly title: ComponentChildren;
  /** The way to the screen, without the screen itself. */
  readonly crumbs?: readonly Crumb[];
  /** Beside the title, such as a badge. */
  readonly aside?: ComponentChildren;
  /** A line below the title. */
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

export function ScreenHead({ title, crumbs, aside, note, actions }: ScreenHeadProps) {
  return (
    <div class="screen-head">
      <div>
        {crumbs && (
          <p class="crumbs">
            {crumbs.map(({ href, text }) => (
              <span key={href}>
                <a href={href}>{text}</a> ›{' '}
              </span>
            ))}
          </p>
        )}
        <div class="title-line">
          <h1>{title}</h1>
          {aside}
        </div>
        {note && <p class="secondary">{note}</p>}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: ComponentChildren;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** `alert` is read out at once, `status` when the reader pauses. */
  readonly role?: 'alert' | 'status';
}

/** A cause or a result in one or two sentences. */
export function Notice({ tone, title, children, actions, role }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`} role={role}>
      <div>
        {title && <p class="strong">{title}</p>}
        {children}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

/** What is missing in one sentence, and a button. */
export function EmptyState({
  children,
  action,
}: {
  children: ComponentChildren;
  action?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

interface Figure {
  readonly label: string;
  readonly value: ComponentChildren;
}

export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Fact extends Figure {
  readonly action?: ComponentChildren;
}

/** Names and values, one below the other, each with a button where it can be changed. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ label, value, action }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
          {action && <dd>{action}</dd>}
        </div>
      ))}
    </dl>
  );
}

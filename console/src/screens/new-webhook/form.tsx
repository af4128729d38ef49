import { useEffect, useRef, useState } from 'preact/hooks';
import { fieldError } from '../../api/field-errors.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { Field } from '../../kit/field.tsx';
import { type HeaderRow, headersOf } from '../../kit/header-rows.tsx';
import { Notice, ScreenHead } from '../../kit/layout.tsx';
import { EventPicker } from '../../parts/event-picker.tsx';
import { isReadOnly } from '../../session/session.ts';
import { useAddress } from '../../shell/use-address.ts';
import { useTitle } from '../../shell/use-title.ts';
import { KIT } from '../../texts/kit.ts';
import { NEW_WEBHOOK } from '../../texts/new-webhook.ts';
import { SHELL } from '../../texts/shell.ts';
import { createWebhook, type NewWebhook, useCheck } from './calls.ts';
import { makeSecret } from './make-secret.ts';
import { MORE_FIELDS, type MoreInput, MoreSettings } from './more-settings.tsx';
import { UrlField } from './url-field.tsx';

/** What is checked while no events are chosen yet. */
const ALL_EVENTS = ['*'];
const CRUMBS = [{ href: '/console/webhooks', text: SHELL.webhooks }];

interface FormProps {
  readonly onCreated: (webhook: { id: string; secret: string }) => void;
}

export function NewWebhookForm({ onCreated }: FormProps) {
  useTitle(NEW_WEBHOOK.title);
  const { query } = useAddress();
  const [url, setUrl] = useState(query.url ?? '');
  const [events, setEvents] = useState(query.events?.split(',') ?? []);
  const [more, setMore] = useState<MoreInput>({ description: '', headers: [], rule: '', secret: '' });
  const [madeSecret] = useState(makeSecret);
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const secret = more.secret.trim() || madeSecret;
  const input: NewWebhook = { ...inputOf(url, more), events, secret };
  const check = useCheck({ ...input, events: events.length === 0 ? ALL_EVENTS : events });
  const create = useAction(createWebhook);
  // The check answers for what is typed now, the creation for what was sent.
  const refusal = check.problem ?? (check.data === undefined ? create.problem : undefined);
  const errorOf = (field: string): string | undefined => fieldError(refusal, field);
  const eventsError = events.length === 0 ? (isTried ? NEW_WEBHOOK.noEvents : undefined) : errorOf('events');

  useEffect(() => {
    if (create.problem?.status === 400) focusFirstError(form.current);
  }, [create.problem]);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    setTried(true);
    if (isReadOnly()) return;
    if (url.trim() === '' || events.length === 0) {
      requestAnimationFrame(() => focusFirstError(form.current));
      return;
    }
    void create.run(input).then((id) => {
      if (id !== undefined) onCreated({ id, secret });
    });
  }

  return (
    <>
      <ScreenHead title={NEW_WEBHOOK.title} crumbs={CRUMBS} />
      {isReadOnly() && <Notice tone="info" title={SHELL.readOnlyReason} />}
      <form class="new-webhook" ref={form} noValidate onSubmit={submit}>
        <UrlField
          value={url}
          onInput={setUrl}
          error={url.trim() === '' ? (isTried ? NEW_WEBHOOK.noUrl : undefined) : errorOf('url')}
          check={check}
        />
        <EventPicker chosen={events} onChange={setEvents} error={eventsError} />
        <Field label={NEW_WEBHOOK.description} isOptional error={errorOf('description')}>
          {(parts) => (
            <input
              {...parts}
              maxLength={256}
              value={more.description}
              onInput={({ currentTarget: { value } }) => setMore({ ...more, description: value })}
            />
          )}
        </Field>
        <MoreSettings value={more} onChange={setMore} errorOf={errorOf} />
        <Problems create={create.problem} check={check} />
        <div class="actions">
          <ActionButton kind="filled" type="submit" isBusy={create.isRunning}>
            {create.isRunning ? NEW_WEBHOOK.creating : NEW_WEBHOOK.create}
          </ActionButton>
          <Button href="/console/webhooks">{KIT.cancel}</Button>
        </div>
      </form>
    </>
  );
}

/** Errors that no field shows. */
function Problems({
  create,
  check,
}: {
  create: ReturnType<typeof useAction>['problem'];
  check: ReturnType<typeof useCheck>;
}) {
  const fields = ['url', 'events', 'description', ...MORE_FIELDS];
  if (create !== undefined && !fields.some((field) => fieldError(create, field))) {
    return <ErrorPanel problem={create} />;
  }
  const isShownByFields = check.problem === undefined || check.problem.status === 400;
  return isShownByFields ? null : <QueryProblem query={check} />;
}

function inputOf(url: string, { description, headers, rule }: MoreInput): Omit<NewWebhook, 'events'> {
  const named: readonly HeaderRow[] = headers.filter(({ name }) => name.trim() !== '');
  return {
    url: url.trim(),
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    ...(named.length === 0 ? {} : { headers: headersOf(named) }),
    ...(rule === '' ? {} : { success_status: rule }),
  };
}

/** The control of the first field that has an error. */
function focusFirstError(form: HTMLFormElement | null): void {
  const error = form?.querySelector('.field-error');
  error?.closest('.field, fieldset')?.querySelector<HTMLElement>('input, select, textarea')?.focus();
}

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ActionButton } from '../../kit/button.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Facts, Section } from '../../kit/layout.tsx';
import { Countdown, Time } from '../../kit/time.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { SETTINGS } from '../../texts/webhook-settings.ts';
import type { Webhook } from './calls.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DescriptionDialog, SuccessDialog, UrlDialog } from './edit-dialogs.tsx';
import { EventsDialog } from './events-dialog.tsx';
import { HeadersDialog } from './headers-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

const DIALOGS = {
  url: UrlDialog,
  events: EventsDialog,
  description: DescriptionDialog,
  success: SuccessDialog,
  headers: HeadersDialog,
};

type DialogName = keyof typeof DIALOGS | 'rotate' | 'delete';

interface SettingsProps {
  readonly webhook: Webhook;
  readonly etag: string | undefined;
  readonly onDone: (message: string) => void;
}

export function Settings({ webhook, etag, onDone }: SettingsProps) {
  // A dialog changes the version of the webhook that was shown when the dialog was opened.
  const [opened, setOpened] = useState<{ name: DialogName; webhook: Webhook; etag: string | undefined }>();
  const { go } = useAddress();
  const close = (): void => setOpened(undefined);
  const open = (name: DialogName) => () => setOpened({ name, webhook, etag });
  const change = (name: DialogName, label: string): ComponentChildren => (
    <ActionButton label={`${SETTINGS.change} ${label}`} onClick={open(name)}>
      {SETTINGS.change}
    </ActionButton>
  );
  const Edit =
    opened && opened.name !== 'rotate' && opened.name !== 'delete' ? DIALOGS[opened.name] : undefined;
  const { url, pending_url, events, description, success_status, headers } = webhook;
  const names = Object.keys(headers);

  return (
    <Section title={SETTINGS.title}>
      <Facts
        facts={[
          { label: SETTINGS.url, value: <Foreign text={url} />, action: change('url', SETTINGS.url) },
          ...(pending_url === null
            ? []
            : [{ label: SETTINGS.pendingUrl, value: <PendingUrl url={pending_url} /> }]),
          {
            label: SETTINGS.events,
            value: <Events patterns={events} />,
            action: change('events', SETTINGS.events),
          },
          {
            label: SETTINGS.description,
            value: description === null ? SETTINGS.none : <Foreign text={description} />,
            action: change('description', SETTINGS.description),
          },
          {
            label: SETTINGS.successRule,
            value: SETTINGS.success[success_status ?? 'default'],
            action: change('success', SETTINGS.successRule),
          },
          {
            label: SETTINGS.headers,
            value: names.length === 0 ? SETTINGS.none : <List texts={names} />,
            action: change('headers', SETTINGS.headers),
          },
          {
            label: SETTINGS.secret,
            value: <Secret endsAt={webhook.previous_secret_expires_at} />,
            action: <ActionButton onClick={open('rotate')}>{SETTINGS.rotate}</ActionButton>,
          },
          { label: SETTINGS.created, value: <Time at={webhook.created_at} style="clock" /> },
          { label: SETTINGS.id, value: <code>{webhook.id}</code> },
        ]}
      />
      <div class="actions end">
        <ActionButton kind="danger" onClick={open('delete')}>
          {SETTINGS.delete}
        </ActionButton>
      </div>
      {Edit && opened && (
        <Edit
          webhook={opened.webhook}
          etag={opened.etag}
          onClose={close}
          onDone={(message: string) => {
            close();
            onDone(message);
          }}
        />
      )}
      {opened?.name === 'rotate' && (
        <RotateDialog
          webhook={webhook}
          onClose={(isRotated) => {
            close();
            if (isRotated) onDone(SETTINGS.saved);
          }}
        />
      )}
      {opened?.name === 'delete' && (
        <DeleteDialog webhook={opened.webhook} onClose={close} onDone={() => go('/console/webhooks', true)} />
      )}
    </Section>
  );
}

function PendingUrl({ url }: { url: string }) {
  return (
    <>
      <Foreign text={url} />
      <p class="secondary">{SETTINGS.pendingUrlNote}</p>
    </>
  );
}

function List({ texts }: { texts: readonly string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>
          <code>
            <Foreign text={text} />
          </code>
        </li>
      ))}
    </ul>
  );
}

/** The patterns, with an explanation of `*`. */
function Events({ patterns }: { patterns: readonly string[] }) {
  const others = patterns.filter((pattern) => pattern !== '*');
  return (
    <>
      {others.length < patterns.length && <p>{SETTINGS.allEvents}</p>}
      {others.length > 0 && <List texts={others} />}
    </>
  );
}

/** During the grace time of a rotation, how long the old secret signs. */
function Secret({ endsAt }: { endsAt: string | null }) {
  const isInGrace = endsAt !== null && Date.parse(endsAt) > Date.now();
  return (
    <>
      {SETTINGS.secretShown}
      {isInGrace && (
        <p>
          {SETTINGS.graceLeft} <Countdown until={endsAt} />.
        </p>
      )}
    </>
  );
}

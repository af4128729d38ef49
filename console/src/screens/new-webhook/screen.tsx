import '../../parts/parts.css';
import './screen.css';
import { useState } from 'preact/hooks';
import { useAddress } from '../../shell/use-address.ts';
import { useFocusMain } from '../../shell/use-focus-main.ts';
import { NewWebhookForm } from './form.tsx';
import { Verification } from './verification.tsx';

/** Only this screen knows the secret, until it is left. */
interface Created {
  readonly id: string;
  readonly secret: string;
}

/** The form, and with `?webhook=wh_…` the verification of the webhook that it made. */
export default function NewWebhook() {
  const { query, withQuery, go } = useAddress();
  const [created, setCreated] = useState<Created>();
  const id = query.webhook;
  useFocusMain(id ?? '');
  if (id !== undefined) {
    return <Verification key={id} id={id} secret={created?.id === id ? created.secret : undefined} />;
  }
  return (
    <NewWebhookForm
      onCreated={(webhook) => {
        setCreated(webhook);
        // Replaced: "Back" does not lead to the form, which would make a second webhook.
        go(withQuery({ webhook: webhook.id, url: undefined, events: undefined }), true);
      }}
    />
  );
}

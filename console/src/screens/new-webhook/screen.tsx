import '../../parts/parts.css';
import './screen.css';
import { useState } from 'preact/hooks';
import { useAddress } from '../../shell/use-address.ts';
import { useFocusMain } from '../../shell/use-focus-main.ts';
import { NewWebhookForm } from './form.tsx';
import { Verification } from './verification.tsx';

/** Only this screen has the secret, until the person leaves it. */
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
        // Replaces the address: "Back" must not lead to the form, which would create a second webhook.
        go(withQuery({ webhook: webhook.id, url: undefined, events: undefined }), true);
      }}
    />
  );
}

import { Webhook } from 'standardwebhooks';
import { startReceiver } from './receiver.js';

// Throws when the secret is missing or empty.
const webhook = new Webhook(process.env.WEBHOOK_SECRET);

startReceiver((body, headers) => {
  try {
    // Also refuses a timestamp that is more than 5 minutes old or in the future.
    webhook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
});

import Deliveries from './deliveries/screen.tsx';
import Delivery from './delivery/screen.tsx';
import Developers from './developers/screen.tsx';
import Event from './event/screen.tsx';
import EventTypes from './event-types/screen.tsx';
import NewWebhook from './new-webhook/screen.tsx';
import Recover from './recover/screen.tsx';
import Signature from './signature/screen.tsx';
import Webhook from './webhook/screen.tsx';
import Webhooks from './webhooks/screen.tsx';

/**
 * Every screen with its address, the more specific ones first. A screen is the default export of its file and reads the
 * parameters of the address by `useRoute().params`.
 */
export const SCREENS = [
  { path: '/console/webhooks', component: Webhooks },
  { path: '/console/webhooks/new', component: NewWebhook },
  { path: '/console/webhooks/:id', component: Webhook },
  { path: '/console/webhooks/:id/deliveries', component: Deliveries },
  { path: '/console/webhooks/:id/deliveries/:delivery', component: Delivery },
  { path: '/console/webhooks/:id/recover', component: Recover },
  { path: '/console/events/:id', component: Event },
  { path: '/console/event-types', component: EventTypes },
  { path: '/console/signature', component: Signature },
  { path: '/console/developers', component: Developers },
];

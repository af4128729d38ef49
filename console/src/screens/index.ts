import { lazyScreen } from '../shell/lazy-screen.tsx';

/**
 * Every screen with its address, the more specific ones first. A screen is the default export of its file, reads the
 * parameters of the address by `useRoute().params`, and is loaded when it is shown.
 */
export const SCREENS = [
  { path: '/console/webhooks', component: lazyScreen(() => import('./webhooks/screen.tsx')) },
  { path: '/console/webhooks/new', component: lazyScreen(() => import('./new-webhook/screen.tsx')) },
  { path: '/console/webhooks/:id', component: lazyScreen(() => import('./webhook/screen.tsx')) },
  {
    path: '/console/webhooks/:id/deliveries',
    component: lazyScreen(() => import('./deliveries/screen.tsx')),
  },
  {
    path: '/console/webhooks/:id/deliveries/:delivery',
    component: lazyScreen(() => import('./delivery/screen.tsx')),
  },
  { path: '/console/webhooks/:id/recover', component: lazyScreen(() => import('./recover/screen.tsx')) },
  { path: '/console/events/:id', component: lazyScreen(() => import('./event/screen.tsx')) },
  { path: '/console/event-types', component: lazyScreen(() => import('./event-types/screen.tsx')) },
  { path: '/console/signature', component: lazyScreen(() => import('./signature/screen.tsx')) },
  { path: '/console/developers', component: lazyScreen(() => import('./developers/screen.tsx')) },
];

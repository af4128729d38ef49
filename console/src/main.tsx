import './styles/index.ts';
import { render } from 'preact';
import { openFrame, reportHeight } from './frame/frame.ts';
import { readFragment, type Theme } from './session/read-fragment.ts';
import { noteOpened, sessionState, startSession } from './session/session.ts';
import { tabStorage } from './session/tab-storage.ts';
import { App } from './shell/app.tsx';
import { isOperatorsConsole } from './shell/operators.ts';

const THEME_KEY = 'webhook-fanout:theme';

/** Signs in and sets the theme by the fragment. First removes the code from the address, and so from the history. */
function readAddress(): void {
  const { code, confirm, theme } = readFragment(location.hash);
  if (code !== undefined || theme !== undefined) {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  if (theme !== undefined) tabStorage.setItem(THEME_KEY, theme);
  showTheme(theme ?? tabStorage.getItem(THEME_KEY));
  if (code !== undefined || sessionState.value.kind === 'starting') void startSession({ code, confirm });
}

/** Without a theme the console follows the browser's setting. */
function showTheme(theme: Theme | string | null): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}

/** The session is handed to a tab that is opened by a click with Ctrl, Cmd or the middle button. */
function watchOpenedTabs(event: MouseEvent): void {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const opensTab = event.ctrlKey || event.metaKey || event.button === 1 || link?.target === '_blank';
  if (link !== undefined && opensTab && link.origin === location.origin) noteOpened(link.pathname);
}

const app = document.getElementById('app');
if (app === null) throw new Error('index.html has no element with the id "app"');

if (isOperatorsConsole) void import('./operator/start.ts').then(({ start }) => start()).then(readAddress);
else readAddress();
// When a link is opened in the console's own tab, only the fragment changes, and the page is not loaded again.
addEventListener('hashchange', readAddress);
addEventListener('click', watchOpenedTabs, true);
addEventListener('auxclick', watchOpenedTabs, true);

render(<App />, app);

const postToFrame = openFrame(window);
if (parent !== window) reportHeight(app, postToFrame);
sessionState.watch(({ kind }) => {
  if (kind === 'none') postToFrame({ type: 'webhook-fanout:session-needed' });
});

import './styles/index.ts';
import { render } from 'preact';
import { openFrame, reportHeight } from './frame/frame.ts';
import { readFragment, type Theme } from './session/read-fragment.ts';
import { noteOpened, sessionState, startSession } from './session/session.ts';
import { tabStorage } from './session/tab-storage.ts';
import { App } from './shell/app.tsx';
import { isOperatorsConsole } from './shell/operators.ts';

const THEME_KEY = 'webhook-fanout:theme';

/** The code is removed from the address, and so from the history, before anything else is done. */
function enter(): void {
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

if (isOperatorsConsole) void import('./operator/start.ts').then(({ start }) => start()).then(enter);
else enter();
// A link that is opened in the tab of the console changes the fragment alone, without a new page.
addEventListener('hashchange', enter);
addEventListener('click', watchOpenedTabs, true);
addEventListener('auxclick', watchOpenedTabs, true);

render(<App />, app);

const tellFrame = openFrame(window);
if (parent !== window) reportHeight(app, tellFrame);
sessionState.watch(({ kind }) => {
  if (kind === 'none') tellFrame({ type: 'webhook-fanout:session-needed' });
});

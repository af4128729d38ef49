import { CONSOLE_ENTRY, CONSOLE_PATH } from '../../lambdas/shared/domain/console-paths.ts';
import type { CloudAccess } from '../cloud-access.ts';
import type { History } from '../history.ts';
import { accountName } from './api-client.ts';
import { requestHttpApi } from './http-api.ts';

interface ConsoleDependencies {
  readonly cloud: CloudAccess;
  readonly history: History;
}

/** Invokes the portal function as the backend of a product does. */
export async function createLink({ cloud, history }: ConsoleDependencies, account: number): Promise<void> {
  const end = await cloud.fn('create-portal-link').invoke({ account: accountName(account), actor: 'chaos' });
  const { error } = end.kind === 'failed' ? { error: end.error.errorMessage } : JSON.parse(end.payload);
  history.add({
    kind: 'acted',
    action: 'create_link',
    ...(error === undefined ? {} : { detail: String(error) }),
  });
}

/** Requests the page of the console as a browser does. */
export async function loadConsole({ cloud, history }: ConsoleDependencies): Promise<void> {
  const { status } = await requestHttpApi(cloud, 'serve-console', {
    method: 'GET',
    path: CONSOLE_ENTRY,
    route: `GET ${CONSOLE_PATH}/{path+}`,
    pathParameters: { path: CONSOLE_ENTRY.slice(CONSOLE_PATH.length + 1) },
    headers: { 'accept-encoding': 'gzip, deflate, br' },
  });
  history.add({ kind: 'acted', action: 'load_console', ...(status === undefined ? {} : { status }) });
}

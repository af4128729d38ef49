import { type Answer, type HttpServer, type Request, startHttpServer } from '../../support/http-server.ts';
import { until } from '../../support/until.ts';

/** The server of a customer. It answers challenges itself, and records all other requests. */
export interface Customer {
  url(path?: string): string;
  /** Requests other than challenges, in the order of their arrival. */
  readonly requests: readonly Request[];
  readonly challenges: readonly Request[];
  /** Waits for `count` requests that match `where`. Default: all requests. */
  received(count: number, where?: (request: Request) => boolean): Promise<Request[]>;
  close(): Promise<void>;
}

/** Returns the answer to a request. `nth` counts the requests of each path, from 1. */
export type CustomerAnswers = (request: Request, nth: number) => Answer | 'never' | Promise<Answer | 'never'>;

export async function startCustomer(answerOf: CustomerAnswers = () => ({ status: 200 })): Promise<Customer> {
  const requests: Request[] = [];
  const challenges: Request[] = [];
  const server: HttpServer = await startHttpServer((request) => {
    if (request.headers['x-webhook-event'] === 'webhook.verification') {
      challenges.push(request);
      const { challenge } = JSON.parse(request.body.toString()).data;
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ challenge }),
      };
    }
    requests.push(request);
    return answerOf(request, requests.filter(({ path }) => path === request.path).length);
  });
  return {
    requests,
    challenges,
    url: (path = '/') => server.url + path,
    received: (count, where = () => true) =>
      until(`${count} requests`, () => {
        const found = requests.filter(where);
        return found.length >= count ? found : undefined;
      }),
    close: () => server.close(),
  };
}

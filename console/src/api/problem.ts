import type { components } from './schema.d.ts';

type ProblemBody = components['schemas']['Problem'];

/** The fields of a body that a problem of the API or an error of the gateway may have. */
type ErrorBody = Partial<ProblemBody> & { readonly message?: string };

/** Without `Retry-After`, a request that was refused for its rate is repeated after this time, in seconds. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;

/** An answer that is no success, or a request without an answer. */
export class ApiProblem extends Error {
  /** 0: no answer. */
  readonly status: number;
  /** The end of the stable name of the problem, such as `code-used`. Empty for the gateway's errors. */
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  /** The errors of the input, by field. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly requestId: string | undefined;
  /** When the same request may be repeated, in seconds from the answer. */
  readonly retryAfterSeconds: number | undefined;
  /** The operator's page that makes another link. */
  readonly returnUrl: string | undefined;

  constructor(body: ErrorBody, response?: Pick<Response, 'status' | 'headers'>) {
    super(body.detail ?? body.message ?? body.title ?? '');
    this.status = response?.status ?? 0;
    this.kind = body.type?.split(':').at(-1) ?? '';
    this.title = body.title ?? '';
    this.detail = body.detail ?? body.message ?? '';
    this.errors = body.errors ?? [];
    this.requestId =
      body.request_id ??
      response?.headers.get('x-request-id') ??
      response?.headers.get('apigw-requestid') ??
      undefined;
    this.retryAfterSeconds = retryAfterOf(this.status, response?.headers.get('retry-after'));
    this.returnUrl = body.return_url;
  }
}

function retryAfterOf(status: number, header: string | null | undefined): number | undefined {
  if (header != null && /^\d+$/.test(header)) return Number(header);
  return status === 429 || status === 503 ? DEFAULT_RETRY_AFTER_SECONDS : undefined;
}

export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ detail: error instanceof Error ? error.message : String(error) });
}

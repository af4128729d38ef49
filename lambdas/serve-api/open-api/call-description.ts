import type { ProblemName } from '../problem.ts';
import type { HeaderName } from './headers.ts';
import type { ResponseSchema } from './schemas/response-schema.ts';

export interface SuccessDescription {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent: the response has no body. `any-object`: any JSON object. */
  readonly output?: ResponseSchema | 'any-object';
  /** Besides those that every answer of this kind has. */
  readonly headers?: readonly HeaderName[];
}

/** The part of the OpenAPI document about a call that neither its route nor its input contains. */
export interface CallDescription {
  readonly summary: string;
  readonly description: string;
  readonly success: SuccessDescription;
  /** A second kind of success, with another status. */
  readonly otherSuccess?: SuccessDescription;
  /** The answer has the header `ETag` of a webhook. */
  readonly etag?: true;
  /** The header that the call evaluates: `If-Match` by 412, `If-None-Match` by 304. */
  readonly precondition?: 'If-Match' | 'If-None-Match';
  /** Only the problems that are specific to this call. The document adds those that follow from the route. */
  readonly problems: readonly ProblemName[];
}

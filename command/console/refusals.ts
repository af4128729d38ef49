/** A request to the operators' API that passed the guard. */
export interface OperatorRequest {
  readonly method: string;
  /** The path of the URL, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON of the body. Undefined without one. */
  readonly body: unknown;
}

/** The request is not valid, or not possible. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export function refuse(status: number, detail: string): never {
  throw new Refused(status, detail);
}

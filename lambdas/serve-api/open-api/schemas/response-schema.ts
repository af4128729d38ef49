import type * as z from 'zod';

/** The body of a response. The OpenAPI document contains it as a component of this name. */
export interface ResponseSchema {
  /** PascalCase. Unique among the components of the document. */
  readonly name: string;
  readonly schema: z.ZodType;
}

/** A part of the OpenAPI document. */
export type OpenApiJson = Readonly<Record<string, unknown>>;

/** The `content` of a JSON body whose schema is this component. */
export function jsonContent(component: string): OpenApiJson {
  return { 'application/json': { schema: refTo(component) } };
}

export function refTo(component: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${component}` };
}

/** The address of an endpoint without the scheme, as people name it: "api.example.com/hooks". */
export function webhookName(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

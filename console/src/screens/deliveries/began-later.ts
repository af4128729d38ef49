/** Whether a delivery began after the time at which it is listed: a recovery, for example, repeats it later. */
export function beganLater({
  accepted,
  created,
}: {
  readonly accepted: string;
  readonly created: string;
}): boolean {
  return Date.parse(created) > Date.parse(accepted);
}

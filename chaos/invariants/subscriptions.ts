import type { Item } from '../history.ts';

/** Whether a webhook as it stands in the table is to receive an event of that type. Written anew on purpose. */
export function wants(item: Item | undefined, type: string): boolean {
  if (item === undefined || !Array.isArray(item.events) || item.verified !== true) return false;
  return item.events.some((pattern) => fits(String(pattern), type));
}

export function isActive(item: Item | undefined): boolean {
  return item !== undefined && Array.isArray(item.events) && item.status === 'active';
}

function fits(pattern: string, type: string): boolean {
  const isSystem = type.startsWith('webhook.');
  switch (pattern) {
    case '*':
      return !isSystem;
    case 'file.*':
      return type.startsWith('file.');
    case 'webhook.*':
      return isSystem;
    default:
      return pattern === type;
  }
}

/**
 * Whether a client names a content coding in its header `Accept-Encoding`, RFC 9110, section 12.5.3. `*` is not enough: clients that
 * send it may not be able to decode every coding.
 */
export function acceptsCoding(coding: 'gzip' | 'br', acceptEncoding = ''): boolean {
  const qualities = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((entry) => {
        const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
        const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
        return [name, Number(quality)] as const;
      }),
  );
  return (qualities.get(coding) ?? 0) > 0;
}

/** Whether a client has the version `etag`, by its header `If-None-Match`. RFC 9110, section 13.1.2: weak comparison. */
export function hasVersion(etag: string, ifNoneMatch = ''): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  const tags = ifNoneMatch.split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(etag));
}

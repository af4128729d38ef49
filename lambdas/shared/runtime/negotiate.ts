/** Whether a client accepts gzip, by its header `Accept-Encoding`. RFC 9110, section 12.5.3. */
export function acceptsGzip(acceptEncoding = ''): boolean {
  const qualities = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((coding) => {
        const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
        const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
        return [name, Number(quality)] as const;
      }),
  );
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0;
}

/** Whether a client has the version `etag`, by its header `If-None-Match`. RFC 9110, section 13.1.2: weak comparison. */
export function hasVersion(etag: string, ifNoneMatch = ''): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  const tags = ifNoneMatch.split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(etag));
}

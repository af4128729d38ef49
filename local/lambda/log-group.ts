/** The newest lines of a log group. */
export interface LogGroup {
  write(line: string): void;
  lines(): readonly string[];
}

/** Limits the memory of a cloud that runs for days. */
const MAX_LINES = 2_000;

export interface LogGroupDependencies {
  /** Called with the size of every line, for billing. */
  readonly meterBytes: (bytes: number) => void;
  /** Called with every line. */
  readonly onLine?: (line: string) => void;
}

export function createLogGroup({ meterBytes, onLine }: LogGroupDependencies): LogGroup {
  const lines: string[] = [];
  return {
    write(line) {
      meterBytes(Buffer.byteLength(line));
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
      onLine?.(line);
    },
    lines: () => [...lines],
  };
}

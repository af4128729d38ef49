/** Lines that were written to one log group, the newest of them kept. */
export interface LogGroup {
  write(line: string): void;
  lines(): readonly string[];
}

/** Enough to read what just happened; a cloud that runs for days stays small. */
const MAX_LINES = 2_000;

export interface LogGroupDependencies {
  /** Called with the size of every line, as it would be billed. */
  readonly meterBytes: (bytes: number) => void;
  /** Sees every line as it comes. */
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

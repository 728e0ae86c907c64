import { createLog, type Log, type Place } from '../log.js';

export type LogEntry =
  | { readonly kind: 'info' | 'debug' | 'group'; readonly text: string }
  | { readonly kind: 'notice' | 'warning' | 'error'; readonly text: string; readonly place: Place };

export interface MemoryLog {
  readonly log: Log;
  /** Everything printed so far, in order, as the host would get it. */
  readonly entries: readonly LogEntry[];
  /** Everything printed so far but debug, one line an entry's line; warnings and errors carry their kind before them. */
  text(): string;
}

const lineOf = ({ kind, text }: LogEntry): string => (kind === 'info' ? text : `${kind}: ${text}`);

/** A log that remembers, for tests. It goes through the same neutralisation as a real one. */
export const createMemoryLog = (): MemoryLog => {
  const entries: LogEntry[] = [];
  const plain = (kind: 'info' | 'debug' | 'group') => (text: string) => {
    entries.push({ kind, text });
  };
  const placed = (kind: 'notice' | 'warning' | 'error') => (text: string, place: Place) => {
    entries.push({ kind, text, place });
  };
  const log = createLog({
    info: plain('info'),
    debug: plain('debug'),
    notice: placed('notice'),
    warning: placed('warning'),
    error: placed('error'),
    startGroup: plain('group'),
    endGroup: () => {},
  });
  const text = (): string =>
    entries
      .filter(({ kind }) => kind !== 'debug')
      .map(lineOf)
      .join('\n');
  return { log, entries, text };
};

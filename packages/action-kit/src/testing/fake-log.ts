import { type AnnotationProperties, createLog, type Log } from '../host/log.js';

export type LogEntry =
  | { readonly kind: 'info' | 'debug' | 'group'; readonly message: string }
  | {
      readonly kind: 'notice' | 'warning' | 'error';
      readonly message: string;
      readonly properties: AnnotationProperties;
    };

export interface FakeLog {
  readonly log: Log;
  /** Everything printed so far, in order, as passed to the host. */
  readonly entries: readonly LogEntry[];
  /** Everything printed so far except debug messages; entries other than info start with their kind. */
  getOutput(): string;
}

const formatEntry = ({ kind, message }: LogEntry): string => (kind === 'info' ? message : `${kind}: ${message}`);

/** A log for tests that records its entries. It sanitizes like the real one. */
export const createFakeLog = (): FakeLog => {
  const entries: LogEntry[] = [];
  const recordPlain = (kind: 'info' | 'debug' | 'group') => (message: string) => {
    entries.push({ kind, message });
  };
  const recordAnnotation =
    (kind: 'notice' | 'warning' | 'error') => (message: string, properties: AnnotationProperties) => {
      entries.push({ kind, message, properties });
    };
  const log = createLog({
    info: recordPlain('info'),
    debug: recordPlain('debug'),
    notice: recordAnnotation('notice'),
    warning: recordAnnotation('warning'),
    error: recordAnnotation('error'),
    startGroup: recordPlain('group'),
    endGroup: () => {},
  });
  const getOutput = (): string =>
    entries
      .filter(({ kind }) => kind !== 'debug')
      .map(formatEntry)
      .join('\n');
  return { log, entries, getOutput };
};

import type { Clock } from '../util/clock.js';
import { formatDuration } from '../util/format.js';
import { toLogLines, toSingleLine } from '../util/sanitize.js';

/** Where an annotation points to; lines and columns count from 1. The field names are those of @actions/core. */
export interface AnnotationProperties {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** What a host offers for printing; the functions of @actions/core have these shapes. Lines arrive neutralised. */
export interface LogSink {
  info(line: string): void;
  debug(message: string): void;
  notice(message: string, properties: AnnotationProperties): void;
  warning(message: string, properties: AnnotationProperties): void;
  error(message: string, properties: AnnotationProperties): void;
  startGroup(title: string): void;
  endGroup(): void;
}

/** What people see while an action runs. Every text may come from outside: nothing in it is obeyed by a runner. */
export interface Log {
  info(message: string): void;
  /** Shown only where the host has debugging switched on. */
  debug(message: string): void;
  notice(message: string, properties?: AnnotationProperties): void;
  warning(message: string, properties?: AnnotationProperties): void;
  error(message: string, properties?: AnnotationProperties): void;
  /** Prints what `work` prints under a title that folds. Hosts do not nest groups: an inner title becomes a line. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

const sanitizeProperties = (properties: AnnotationProperties = {}): AnnotationProperties => {
  const { title, file, ...position } = properties;
  return {
    ...position,
    ...(title === undefined ? {} : { title: toSingleLine(title) }),
    ...(file === undefined ? {} : { file: toSingleLine(file) }),
  };
};

const sanitizeMessage = (message: string): string => toLogLines(message).join('\n');

class SinkLog implements Log {
  private grouped = false;

  constructor(private readonly sink: LogSink) {}

  info(message: string): void {
    for (const line of toLogLines(message)) this.sink.info(line);
  }

  debug(message: string): void {
    this.sink.debug(sanitizeMessage(message));
  }

  notice(message: string, properties?: AnnotationProperties): void {
    this.sink.notice(sanitizeMessage(message), sanitizeProperties(properties));
  }

  warning(message: string, properties?: AnnotationProperties): void {
    this.sink.warning(sanitizeMessage(message), sanitizeProperties(properties));
  }

  error(message: string, properties?: AnnotationProperties): void {
    this.sink.error(sanitizeMessage(message), sanitizeProperties(properties));
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    if (this.grouped) {
      this.info(title);
      return work();
    }
    this.grouped = true;
    this.sink.startGroup(toSingleLine(title));
    try {
      return await work();
    } finally {
      this.grouped = false;
      this.sink.endGroup();
    }
  }
}

/** A log over the host's printing functions. */
export const createLog = (sink: LogSink): Log => new SinkLog(sink);

/** The same log with the time since `since` before each line of `info`: `[1m 05s] …`. */
export const withElapsed = (log: Log, clock: Clock, since: number = clock.now()): Log => ({
  info: (message) => log.info(`[${formatDuration(clock.now() - since)}] ${message}`),
  debug: (message) => log.debug(message),
  notice: (message, properties) => log.notice(message, properties),
  warning: (message, properties) => log.warning(message, properties),
  error: (message, properties) => log.error(message, properties),
  group: (title, work) => log.group(title, work),
});

export interface HeartbeatOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** How long the log may be quiet, in milliseconds. */
  readonly intervalMs: number;
  /** The line to print, given how long the work has been going on, in milliseconds. */
  readonly formatLine: (elapsed: number) => string;
}

/**
 * Runs `work` with a log that speaks when nobody else does: hosts end jobs that print nothing for long, and people
 * take silence for a hang. What `work` prints through the log it is given postpones the next beat.
 */
export const withHeartbeat = async <T>(options: HeartbeatOptions, work: (log: Log) => Promise<T>): Promise<T> => {
  const { clock, intervalMs } = options;
  const start = clock.now();
  let lastPrintedAt = start;
  const watchedLog = watchLog(options.log, () => {
    lastPrintedAt = clock.now();
  });
  // A quarter of the pause is fine enough for people, and keeps the beat within a quarter of when it is due.
  const stop = clock.every(intervalMs / 4, () => {
    if (clock.now() - lastPrintedAt >= intervalMs) watchedLog.info(options.formatLine(clock.now() - start));
  });
  try {
    return await work(watchedLog);
  } finally {
    stop();
  }
};

const watchLog = (log: Log, onPrint: () => void): Log => {
  const notifyAndPrint =
    <A extends readonly unknown[]>(print: (...args: A) => void) =>
    (...args: A): void => {
      onPrint();
      print(...args);
    };
  return {
    info: notifyAndPrint((message: string) => log.info(message)),
    debug: (message) => log.debug(message),
    notice: notifyAndPrint((message: string, properties?: AnnotationProperties) => log.notice(message, properties)),
    warning: notifyAndPrint((message: string, properties?: AnnotationProperties) => log.warning(message, properties)),
    error: notifyAndPrint((message: string, properties?: AnnotationProperties) => log.error(message, properties)),
    group: (title, work) => {
      onPrint();
      return log.group(title, work);
    },
  };
};

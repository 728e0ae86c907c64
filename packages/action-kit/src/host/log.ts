import type { Clock } from '../util/clock.js';
import { formatDuration, pluralize } from '../util/format.js';
import { sanitizeLog, toLogLines, toSingleLine } from '../util/sanitize.js';

/** Source location of an annotation; lines and columns count from 1. The same fields as in @actions/core. */
export interface AnnotationProperties {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** Print functions of a host, compatible with @actions/core. Receives sanitized text without workflow commands. */
export interface LogSink {
  info(line: string): void;
  debug(message: string): void;
  notice(message: string, properties: AnnotationProperties): void;
  warning(message: string, properties: AnnotationProperties): void;
  error(message: string, properties: AnnotationProperties): void;
  startGroup(title: string): void;
  endGroup(): void;
}

/** The log of an action. Messages may contain untrusted text: workflow commands in it are neutralised. */
export interface Log {
  info(message: string): void;
  /** Shown only when the host has debug logging enabled. */
  debug(message: string): void;
  notice(message: string, properties?: AnnotationProperties): void;
  warning(message: string, properties?: AnnotationProperties): void;
  error(message: string, properties?: AnnotationProperties): void;
  /** Groups the output of `work` under a collapsible title. Hosts do not nest groups: an inner title becomes a line. */
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

/** Lines of one message, for example of the output of a program. */
const MAX_MESSAGE_LINES = 1000;

/** Lines of a list, for example of changes: as many as a person reads. */
const MAX_LIST_LINES = 200;

const limitLines = (lines: readonly string[], limit: number): readonly string[] =>
  lines.length <= limit ? lines : [...lines.slice(0, limit), `(${pluralize(lines.length - limit, 'more line')})`];

class SinkLog implements Log {
  private grouped = false;

  constructor(private readonly sink: LogSink) {}

  info(message: string): void {
    for (const line of limitLines(toLogLines(message), MAX_MESSAGE_LINES)) this.sink.info(line);
  }

  debug(message: string): void {
    this.sink.debug(sanitizeLog(message));
  }

  notice(message: string, properties?: AnnotationProperties): void {
    this.sink.notice(sanitizeLog(message), sanitizeProperties(properties));
  }

  warning(message: string, properties?: AnnotationProperties): void {
    this.sink.warning(sanitizeLog(message), sanitizeProperties(properties));
  }

  error(message: string, properties?: AnnotationProperties): void {
    this.sink.error(sanitizeLog(message), sanitizeProperties(properties));
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

/** A log that prints through a host's functions. */
export const createLog = (sink: LogSink): Log => new SinkLog(sink);

/** Logs a list of any length: the first 200 lines, and the number of the others. */
export const logList = (log: Log, lines: readonly string[]): void => {
  for (const line of limitLines(lines, MAX_LIST_LINES)) log.info(line);
};

/** Prefixes each `info` message with the elapsed time since `since`: `[1m 05s] …`. */
export const withElapsed = (log: Log, clock: Clock, since: number = clock.now()): Log => ({
  info: (message) => log.info(`[${formatDuration(clock.now() - since)}] ${message}`),
  debug: (message) => log.debug(message),
  notice: (message, properties) => log.notice(message, properties),
  warning: (message, properties) => log.warning(message, properties),
  error: (message, properties) => log.error(message, properties),
  group: (title, work) => log.group(title, work),
});

/** Prefixes each message with a label: `network: …`. Groups become lines, since those of parallel work would mix. */
export const withLabel = (log: Log, label: string): Log => ({
  info: (message) => log.info(`${label}: ${message}`),
  debug: (message) => log.debug(`${label}: ${message}`),
  notice: (message, properties) => log.notice(`${label}: ${message}`, properties),
  warning: (message, properties) => log.warning(`${label}: ${message}`, properties),
  error: (message, properties) => log.error(`${label}: ${message}`, properties),
  group: (title, work) => {
    log.info(`${label}: ${title}`);
    return work();
  },
});

export interface HeartbeatOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Longest interval without output. */
  readonly intervalMs: number;
  /** Formats the line to print; `elapsed` in milliseconds. */
  readonly formatLine: (elapsed: number) => string;
}

/**
 * Runs `work` and prints a line whenever nothing was printed for an interval: hosts end jobs without output, and users
 * take them for hung. Output through the given log postpones the next line.
 */
export const withHeartbeat = async <T>(options: HeartbeatOptions, work: (log: Log) => Promise<T>): Promise<T> => {
  const { clock, intervalMs } = options;
  const start = clock.now();
  let lastPrintedAt = start;
  const watchedLog = watchLog(options.log, () => {
    lastPrintedAt = clock.now();
  });
  // Checked four times per interval, so that a line is at most a quarter of an interval late.
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

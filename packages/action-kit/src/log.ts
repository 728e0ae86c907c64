import { type Clock, durationText } from './clock.js';
import { logLines, singleLine } from './untrusted.js';

/** Where an annotation points to; lines and columns count from 1. The field names are those of @actions/core. */
export interface Place {
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
  debug(text: string): void;
  notice(text: string, place: Place): void;
  warning(text: string, place: Place): void;
  error(text: string, place: Place): void;
  startGroup(title: string): void;
  endGroup(): void;
}

/** What people see while an action runs. Every text may come from outside: nothing in it is obeyed by a runner. */
export interface Log {
  info(text: string): void;
  /** Shown only where the host has debugging switched on. */
  debug(text: string): void;
  notice(text: string, place?: Place): void;
  warning(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  /** Prints what `work` prints under a title that folds. Hosts do not nest groups: an inner title becomes a line. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

const safePlace = (place: Place = {}): Place => {
  const { title, file, ...position } = place;
  return {
    ...position,
    ...(title === undefined ? {} : { title: singleLine(title) }),
    ...(file === undefined ? {} : { file: singleLine(file) }),
  };
};

const safeText = (text: string): string => logLines(text).join('\n');

class SinkLog implements Log {
  private grouped = false;

  constructor(private readonly sink: LogSink) {}

  info(text: string): void {
    for (const line of logLines(text)) this.sink.info(line);
  }

  debug(text: string): void {
    this.sink.debug(safeText(text));
  }

  notice(text: string, place?: Place): void {
    this.sink.notice(safeText(text), safePlace(place));
  }

  warning(text: string, place?: Place): void {
    this.sink.warning(safeText(text), safePlace(place));
  }

  error(text: string, place?: Place): void {
    this.sink.error(safeText(text), safePlace(place));
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    if (this.grouped) {
      this.info(title);
      return work();
    }
    this.grouped = true;
    this.sink.startGroup(singleLine(title));
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
  info: (text) => log.info(`[${durationText(clock.now() - since)}] ${text}`),
  debug: (text) => log.debug(text),
  notice: (text, place) => log.notice(text, place),
  warning: (text, place) => log.warning(text, place),
  error: (text, place) => log.error(text, place),
  group: (title, work) => log.group(title, work),
});

export interface HeartbeatOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** How long the log may be quiet, in milliseconds. */
  readonly quiet: number;
  /** The line to print, given how long the work has been going on, in milliseconds. */
  readonly line: (elapsed: number) => string;
}

/**
 * Runs `work` with a log that speaks when nobody else does: hosts end jobs that print nothing for long, and people
 * take silence for a hang. What `work` prints through the log it is given postpones the next beat.
 */
export const withHeartbeat = async <T>(options: HeartbeatOptions, work: (log: Log) => Promise<T>): Promise<T> => {
  const { clock, quiet } = options;
  const start = clock.now();
  let spoken = start;
  const listened = listenedTo(options.log, () => {
    spoken = clock.now();
  });
  // A quarter of the pause is fine enough for people, and keeps the beat within a quarter of when it is due.
  const stop = clock.every(quiet / 4, () => {
    if (clock.now() - spoken >= quiet) listened.info(options.line(clock.now() - start));
  });
  try {
    return await work(listened);
  } finally {
    stop();
  }
};

const listenedTo = (log: Log, heard: () => void): Log => {
  const after =
    <A extends readonly unknown[]>(print: (...args: A) => void) =>
    (...args: A): void => {
      heard();
      print(...args);
    };
  return {
    info: after((text: string) => log.info(text)),
    debug: (text) => log.debug(text),
    notice: after((text: string, place?: Place) => log.notice(text, place)),
    warning: after((text: string, place?: Place) => log.warning(text, place)),
    error: after((text: string, place?: Place) => log.error(text, place)),
    group: (title, work) => {
      heard();
      return log.group(title, work);
    },
  };
};

import { sanitizeLog } from '@aws-delivery/action-kit/util/sanitize';
import type { Annotation } from '../commands/annotation.js';
import type { LogEntry } from '../commands/command-processor.js';

const formatLocation = ({ file, line }: Annotation): string => {
  if (file === undefined) return '';
  return line === undefined ? ` (${file})` : ` (${file}:${line})`;
};

/** An annotation as plain text: `error: title: message (file:line)`. */
export const formatAnnotation = (annotation: Annotation): string => {
  const { level, title, message } = annotation;
  return `${level}: ${title === undefined ? '' : `${title}: `}${message}${formatLocation(annotation)}`;
};

/** A log entry with text of its own. */
export type VisibleEntry = Exclude<LogEntry, { kind: 'endgroup' }>;

/** A log entry as plain text, for hosts without commands for annotations and debug messages. */
export const formatPlainEntry = (entry: VisibleEntry): string => {
  if (entry.kind === 'annotation') return sanitizeLog(formatAnnotation(entry.annotation));
  return `${entry.kind === 'debug' ? 'debug: ' : ''}${sanitizeLog(entry.message)}`;
};

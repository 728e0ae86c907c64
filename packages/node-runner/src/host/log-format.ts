import { toLogLines } from '@aws-delivery/action-kit/util/sanitize';
import type { Annotation } from '../commands/annotation.js';

const formatLocation = ({ file, line }: Annotation): string => {
  if (file === undefined) return '';
  return line === undefined ? ` (${file})` : ` (${file}:${line})`;
};

/** An annotation in words, for logs that know no annotations: `error: title: message (file:line)`. */
export const formatAnnotation = (annotation: Annotation): string => {
  const { level, title, message } = annotation;
  return `${level}: ${title === undefined ? '' : `${title}: `}${message}${formatLocation(annotation)}`;
};

/** Text in which no host finds a command. */
export const neutraliseCommandLines = (content: string): string => toLogLines(content).join('\n');

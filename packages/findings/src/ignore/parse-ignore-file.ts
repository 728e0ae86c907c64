import { createInputError } from '@aws-delivery/action-kit/util/error';
import { parseSeverity, SEVERITIES, type Severity } from '../severity.js';
import { parseEntryFile } from './entry-file.js';
import type { FileLocation, IgnoreEntry } from './ignore-entry.js';

const parseEntrySeverity = (severityName: string, name: string): Severity => {
  const severity = parseSeverity(severityName);
  if (severity !== undefined) return severity;
  throw createInputError(`severity '${severityName}' in ${name} must be one of ${SEVERITIES.join(', ')}`);
};

const parseLocation = (location: string, name: string): FileLocation => {
  const match = /^(.+?)(?::(\d+)(?:-(\d+))?)?$/.exec(location);
  const [, file = '', start, end] = match ?? [];
  if (start === undefined) return { file };
  const [startLine, endLine] = [Number(start), Number(end ?? start)];
  if (startLine >= 1 && endLine >= startLine) return { file, startLine, endLine };
  throw createInputError(`location '${location}' in ${name} must be file:line or file:first-last, with lines from 1`);
};

/** Fields of the AWS CodeGuru CLI, in lower case since it ignores case, and their replacements. */
const CLI_FIELDS: Readonly<Record<string, string>> = {
  excludebyid: "'ids'",
  excludetags: "'tags'",
  excludefiles: "'files'",
  excluderecommendations: "'ids' and 'files'",
  excludebelowseverity: "'severities' or the input 'fail-on'",
};

/** Describes how to migrate a file of the AWS CodeGuru CLI; undefined for other documents. */
const formatCliMigration = (document: Readonly<Record<string, unknown>>): string | undefined => {
  const replacements = Object.keys(document).flatMap((key) => {
    const field = CLI_FIELDS[key.toLowerCase()];
    return field === undefined ? [] : [`${key} with ${field}`];
  });
  if (replacements.length === 0) return undefined;
  const example = "write entries as 'ignore: [{ …, reason: why, expires: 2027-01-31 }]'";
  return `has the format of the AWS CodeGuru CLI, which has no reasons or expiry dates: ${example}, and replace ${replacements.join(', ')}`;
};

/**
 * Parses an ignore file in YAML or JSON:
 *
 *     ignore:
 *       - ids: [CVE-2026-1234]            # also severities, tags, files, locations (file:first-last)
 *         reason: not reachable, the parser only reads our own files
 *         expires: 2027-01-31             # optional; valid until the end of that day, UTC
 *
 * `file` is used in messages. Throws `invalid-input` for any other form, including a missing reason.
 */
export const parseIgnoreFile = (content: string, file: string): readonly IgnoreEntry[] =>
  parseEntryFile(content, file, {
    selectors: ['ids', 'severities', 'tags', 'files', 'locations'],
    describeForeignFormat: formatCliMigration,
    create: (entry, readSelector) => ({
      ...entry,
      ids: readSelector('ids'),
      severities: readSelector('severities').map((word) => parseEntrySeverity(word, entry.name)),
      tags: readSelector('tags'),
      files: readSelector('files'),
      locations: readSelector('locations').map((location) => parseLocation(location, entry.name)),
    }),
  });

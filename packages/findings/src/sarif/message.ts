import type { SarifComponent, SarifMessage, SarifRule, SarifRun } from './schema.js';

/** The driver and the extensions of a run's tool. */
export const listComponents = ({ tool }: SarifRun): readonly SarifComponent[] => [
  tool.driver,
  ...(tool.extensions ?? []),
];

/** Text of a message without placeholders; empty if there is none. */
export const getPlainMessage = (message: SarifMessage | undefined): string =>
  message?.text?.trim() || message?.markdown?.trim() || '';

/** Looks up a message string in the descriptor, then in the global strings of the tool (SARIF 3.11.7). */
const findTemplate = (id: string, descriptor: SarifRule | undefined, run: SarifRun): string | undefined =>
  [descriptor?.messageStrings, ...listComponents(run).map(({ globalMessageStrings }) => globalMessageStrings)]
    .map((strings) => (strings !== undefined && Object.hasOwn(strings, id) ? strings[id]?.text : undefined))
    .find((text) => text !== undefined);

/** `[text](1)` refers to a related location, `[text](https://…)` to a page (SARIF 3.11.6). */
const EMBEDDED_LINK =
  /(?<!\\)\[((?:[^[\]\\]|\\.)*)\]\((?:\d+|[a-z][a-z0-9+.-]+:[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/giu;

/** Replaces embedded links with their texts. */
const removeLinks = (text: string): string =>
  text.replace(EMBEDDED_LINK, (_, label: string) => label.replace(/\\([[\]\\])/gu, '$1'));

/** Arguments are inserted up to this length: a long one may be repeated thousands of times. */
const MAX_INSERTED_LENGTH = 100_000;

const insertArguments = (template: string, values: readonly string[]): string => {
  let room = MAX_INSERTED_LENGTH;
  return template.replace(/\{(\d+)\}/gu, (found, index) => {
    const value = values[Number(index)];
    if (value === undefined || value.length > room) return found;
    room -= value.length;
    return value;
  });
};

/** Looks up a message's id and inserts its arguments; keeps embedded links. Empty if there is no message. */
export const fillMessage = (
  message: SarifMessage | undefined,
  descriptor: SarifRule | undefined,
  run: SarifRun,
): string => {
  if (message === undefined) return '';
  const { text, markdown, id, arguments: values = [] } = message;
  const template = text ?? (id === undefined ? undefined : findTemplate(id, descriptor, run)) ?? markdown ?? '';
  return insertArguments(template, values).trim();
};

/** The Markdown of a message with its arguments; undefined if it has none. */
export const fillMarkdown = ({ markdown, arguments: values = [] }: SarifMessage): string | undefined =>
  markdown === undefined ? undefined : insertArguments(markdown, values).trim() || undefined;

/** Renders a message as plain text without links. Empty if there is none. */
export const renderMessage = (
  message: SarifMessage | undefined,
  descriptor: SarifRule | undefined,
  run: SarifRun,
): string => removeLinks(fillMessage(message, descriptor, run));

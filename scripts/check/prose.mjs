import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter, loadTextlintrc } from 'textlint';
import { listFiles, root } from '../command.mjs';
import { listMessages } from './messages.mjs';

/** @typedef {{ path: string, line: number, column: number, rewrite: string }} ProseIssue */

/** A block of a document that `npm run generate` writes: its texts come from the definition of an action. */
const GENERATED_BLOCK = /<!-- generated: [\s\S]*?<!-- \/generated -->/gu;

/** Blanks generated blocks and keeps the line numbers. @param {string} text */
const blankGeneratedBlocks = (text) => text.replace(GENERATED_BLOCK, (block) => block.replace(/[^\n]/gu, ''));

/** Creates the linter of `.textlintrc.json`, whose dictionary is `prose.yml`. */
const createProseLinter = async () =>
  createLinter({ descriptor: await loadTextlintrc({ configFilePath: join(root, '.textlintrc.json') }) });

/**
 * Finds expressions that the dictionary replaces.
 * @param {ReadonlyMap<string, string>} documents Markdown by path
 * @returns {Promise<ProseIssue[]>}
 */
const lintDocuments = async (documents) => {
  const linter = await createProseLinter();
  const issues = [];
  for (const [path, text] of documents) {
    const { messages } = await linter.lintText(
      blankGeneratedBlocks(text),
      join(root, path.endsWith('.md') ? path : `${path}.md`),
    );
    for (const { loc, message } of messages) {
      issues.push({ path, line: loc.start.line, column: loc.start.column, rewrite: message.replace(/\s+/gu, ' ') });
    }
  }
  return issues;
};

/**
 * Finds expressions that the dictionary replaces in documents.
 * @param {ReadonlyMap<string, string>} documents Markdown by path
 * @returns {Promise<string[]>} one line for each expression
 */
export const findProseIssues = async (documents) =>
  (await lintDocuments(documents)).map(({ path, line, column, rewrite }) => `${path}:${line}:${column}: ${rewrite}`);

/** The start of HTML or of a code block that Markdown continues beyond the line: `<!--`, `<pre`, three backticks. */
const OPEN_BLOCK = /<(?=[!?/]|(?:pre|script|style|textarea)\b)|^(?:`{3,}|~{3,})/giu;

/** A text as one line of Markdown: inserted values become a neutral word, indentation and line ends a space. @param {string} text */
const formatLine = (text) =>
  text
    .trim()
    .replace(OPEN_BLOCK, '')
    .replace(/\{[^{}]*\}/gu, 'X')
    .replace(/\s+/gu, ' ')
    .trim();

/** Sentences of AWS that local-aws returns word for word. */
const AWS_SENTENCES = new Set([
  'Requested update requires the creation of a new physical resource; hence creating one.',
  'Roles may not be assumed by root accounts.',
]);

/**
 * Finds expressions that the dictionary replaces in texts of the source code. Text between backticks is code.
 * @param {readonly import('./messages.mjs').Message[]} messages
 * @returns {Promise<string[]>} one line for each expression
 */
export const findMessageIssues = async (messages) => {
  const ownMessages = messages.filter(({ text }) => !AWS_SENTENCES.has(text));
  const document = ownMessages.map(({ text }) => formatLine(text)).join('\n\n');
  return (await lintDocuments(new Map([['messages.md', document]]))).map(({ line, rewrite }) => {
    const message = ownMessages[(line - 1) / 2];
    return `${message?.file}:${message?.line}: ${rewrite} in ${JSON.stringify(message?.text)}`;
  });
};

const YAML_TEXT = /^(?:.*?\s)?#\s+(?<comment>.*)$|^\s*(?:- )?(?:name|run-name|description|Description): (?<value>.*)$/u;

/**
 * Names, descriptions and comments of a YAML file, each on its line, with an empty line in place of everything else.
 * @param {string} text
 */
export const readYamlTexts = (text) =>
  text
    .split('\n')
    .map((line) => {
      const groups = YAML_TEXT.exec(line)?.groups;
      return groups?.['comment'] ?? groups?.['value'] ?? '';
    })
    .join('\n');

/** Checks every Markdown document that git tracks or would track, except golden files of tests, and the examples' YAML. */
export const checkProse = async () => {
  const files = await listFiles('*.md', 'examples/*.yml', 'examples/*.yaml', '.github/*.yml');
  const documents = files
    .filter((file) => !file.includes('/golden/'))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return /** @type {const} */ ([file, file.endsWith('.md') ? text : readYamlTexts(text)]);
    });
  const lines = await findProseIssues(new Map(documents));
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};

/** Checks the texts of the sources that users read. */
export const checkMessages = async () => {
  const lines = await findMessageIssues(await listMessages());
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};

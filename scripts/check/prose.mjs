import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter, loadTextlintrc } from 'textlint';
import { listFiles, root } from '../command.mjs';

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
 * @returns {Promise<string[]>} one line for each expression
 */
export const findProseIssues = async (documents) => {
  const linter = await createProseLinter();
  const lines = [];
  for (const [path, text] of documents) {
    const { messages } = await linter.lintText(blankGeneratedBlocks(text), join(root, path));
    for (const { loc, message } of messages) {
      lines.push(`${path}:${loc.start.line}:${loc.start.column}: ${message.replace(/\s+/gu, ' ')}`);
    }
  }
  return lines;
};

/** Checks every Markdown document that git tracks or would track, except golden files of tests. */
export const checkProse = async () => {
  const files = (await listFiles('*.md')).filter((file) => !file.includes('/golden/'));
  const lines = await findProseIssues(new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};

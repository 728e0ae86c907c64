import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { listFiles, root } from '../command.mjs';

/**
 * A text of the source code that users can read.
 * @typedef {object} Message
 * @property {string} file path relative to the checkout
 * @property {number} line line of the text's beginning, from 1
 * @property {string} code what the text is for: an error's code, a property's name, a called function
 * @property {string} text with `{expression}` for each inserted value
 */

/** Sources whose texts users read: the actions, the packages below them, and the demo. */
const SOURCE_PATTERNS = [
  'actions/*/*.ts',
  'actions/*/src/**/*.ts',
  'packages/*/src/**/*.ts',
  'scripts/demo/**/*.ts',
].map((pattern) => `:(glob)${pattern}`);

/** Properties, calls and tags whose strings are not prose: patterns, styles, queries and data in a format of their own. */
const CODES_OF_DATA = new Set(['RegExp', 'css', 'd', 'style', 'class', 'viewBox', 'describe', 'it']);

const INSERTED_VALUE = /\{[^{}]*\}/gu;
const WORD = /[A-Za-z]{2,}/u;
const STYLE_SHEET = /[.#@\w-]+\s*\{[^{}]*:[^{}]*;/u;

/** Whether a text has a word and a space next to it, as prose has. Style sheets do not count. @param {string} text */
const isProse = (text) => {
  const literal = text.replace(INSERTED_VALUE, '0');
  return WORD.test(literal) && /\S\s+\S/u.test(literal) && !STYLE_SHEET.test(text);
};

/** @typedef {{ type?: string, span?: { start: number, end: number }, [key: string]: any }} SyntaxNode */

/** Byte offsets of swc's spans to lines; spans count from the start of the source. */
class LineIndex {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    /** @type {number[]} */
    this.starts = [0];
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) this.starts.push(at + 1);
  }

  /** @param {number} offset bytes from the start of the source @returns {number} line, from 1 */
  findLine(offset) {
    const after = this.starts.findIndex((start) => start > offset);
    return after === -1 ? this.starts.length : after;
  }
}

/** Reads the messages of one source file. */
class MessageReader {
  /** @param {string} file @param {string} source */
  constructor(file, source) {
    this.file = file;
    this.bytes = Buffer.from(source);
    this.lines = new LineIndex(this.bytes);
    // swc counts positions over all files of one process: an empty statement in front of the source has the first one.
    const [first, ...items] = parseSync(`;${source}`, { syntax: 'typescript', target: 'es2023' }).body;
    this.base = (first?.span.start ?? 0) + 1;
    /** @type {Message[]} */
    this.messages = [];
    for (const item of items) this.visit(item, this.file.split('/').at(-1)?.replace(/\.ts$/u, '') ?? '');
  }

  /** @param {SyntaxNode} node */
  slice({ span }) {
    return span === undefined ? '' : this.bytes.toString('utf8', span.start - this.base, span.end - this.base);
  }

  /** The text of a literal, a template or a concatenation; undefined for other expressions. @param {SyntaxNode} node @returns {string | undefined} */
  readText(node) {
    if (node.type === 'StringLiteral') return node['value'];
    if (node.type === 'TemplateLiteral') {
      return node['quasis']
        .map((/** @type {any} */ quasi, /** @type {number} */ index) => {
          const expression = node['expressions'][index];
          return `${quasi.cooked ?? quasi.raw}${expression === undefined ? '' : `{${this.nameExpression(expression)}}`}`;
        })
        .join('');
    }
    if (node.type === 'ParenthesisExpression') return this.readText(node['expression']);
    if (node.type === 'BinaryExpression' && node['operator'] === '+') {
      const [left, right] = [this.readText(node['left']), this.readText(node['right'])];
      return left === undefined || right === undefined ? undefined : left + right;
    }
    return undefined;
  }

  /** @param {SyntaxNode} expression */
  nameExpression(expression) {
    const source = this.slice(expression);
    return /^[\w.?[\]()]{1,40}$/u.test(source) ? source : '…';
  }

  /** @param {SyntaxNode} node @param {string} code what encloses the node */
  visit(node, code) {
    if (node.type === 'ImportDeclaration' || node.type === 'TsTypeAnnotation' || node.type?.startsWith('TsType'))
      return;
    const text = this.readText(node);
    if (text !== undefined && node.span !== undefined) {
      if (isProse(text) && !CODES_OF_DATA.has(code)) {
        this.messages.push({ file: this.file, line: this.lines.findLine(node.span.start - this.base), code, text });
      }
      this.visitInserted(node, code);
      return;
    }
    for (const child of listChildren(node)) this.visit(child, nameCode(node, code));
  }

  /** Texts within the inserted values of a text. @param {SyntaxNode} node @param {string} code */
  visitInserted(node, code) {
    if (node.type === 'StringLiteral') return;
    for (const child of listChildren(node)) {
      if (node.type !== 'TemplateLiteral' && this.readText(child) !== undefined) this.visitInserted(child, code);
      else if (child.type !== 'TemplateElement') this.visit(child, code);
    }
  }
}

/** The syntax nodes directly below a node. @param {SyntaxNode} node @returns {SyntaxNode[]} */
const listChildren = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child === 'object' && child !== null)
    .map((child) => (child.type === undefined && child.expression !== undefined ? child.expression : child));

/** What a text below this node is for. @param {SyntaxNode} node @param {string} code of the enclosing node */
const nameCode = (node, code) => {
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const first = node['arguments']?.[0]?.expression;
    const callee = node['callee'];
    const name = callee?.value ?? callee?.property?.value ?? code;
    return name === 'DeliveryError' && first?.type === 'StringLiteral' ? `error ${first.value}` : name;
  }
  if (node.type === 'KeyValueProperty') return node['key'].value ?? code;
  if (node.type === 'VariableDeclarator') return node['id'].value ?? code;
  if (node.type === 'FunctionDeclaration') return node['identifier'].value;
  if (node.type === 'ClassMethod' || node.type === 'ClassProperty') return node['key'].value ?? code;
  return code;
};

/**
 * Reads the messages of a source file.
 * @param {string} file path to report
 * @param {string} source TypeScript
 * @returns {Message[]} in the order of the source
 */
export const readMessages = (file, source) => new MessageReader(file, source).messages;

/**
 * Lists the texts that users can read, in the sources of the actions, of the packages and of the demo.
 * @param {readonly string[]} [prefixes] paths to list, relative to the checkout; all without
 * @returns {Promise<Message[]>}
 */
export const listMessages = async (prefixes = []) => {
  const files = (await listFiles(...SOURCE_PATTERNS)).filter(
    (file) =>
      !file.includes('/testing/') && (prefixes.length === 0 || prefixes.some((prefix) => file.startsWith(prefix))),
  );
  return files.flatMap((file) => readMessages(file, readFileSync(join(root, file), 'utf8')));
};

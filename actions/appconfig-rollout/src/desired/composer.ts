import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { stringify } from 'yaml';
import { type Content, createContent, type ProfileType } from './documents/content.js';
import { detectFormat, type Format, findLine, findLossyValue, parseValue } from './documents/document.js';
import { mergeDeep } from './documents/merge.js';
import { compileSchema, MAX_SCHEMA_LENGTH, type SchemaValidator } from './documents/schema.js';
import { validateFeatureFlags } from './flags/feature-flags.js';
import type { ValidationIssue } from './validation-issue.js';
import type { WorkspaceFiles } from './workspace-files.js';

/** One file as it is read. */
interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
}

/** A content, or what is wrong with it. */
export type ComposedContent =
  | {
      readonly kind: 'content';
      readonly content: Content;
      readonly file: string;
      readonly template: string | undefined;
    }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

/** What a content is made of, and what it is checked against. */
export interface CompositionInput {
  readonly profile: string;
  readonly type: ProfileType;
  /** Path of the tenant's own file. */
  readonly tenantFile: string | undefined;
  /** Path of the template's. */
  readonly template: string | undefined;
  readonly merge: 'replace' | 'deep';
  readonly schema: SchemaValidator | undefined;
}

const stringifyAs = (format: Format, value: unknown): string =>
  format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : stringify(value);

const createInvalidContent = (file: string, message: string, line?: number): ComposedContent => ({
  kind: 'invalid',
  issues: [{ file, message, line }],
});

const convertErrors = async (
  file: string,
  composeContent: () => Promise<ComposedContent>,
): Promise<ComposedContent> => {
  try {
    return await composeContent();
  } catch (error) {
    if (error instanceof DeliveryError) return createInvalidContent(file, error.message);
    throw error;
  }
};

/** A value that is to be written anew: refuses one that would not be the same then. */
const parseRewritable = ({ text, format }: SourceFile): unknown => {
  if (format === 'text') return text;
  const value = parseValue(text, format);
  const lossy = findLossyValue(text, format);
  if (lossy === undefined) return value;
  throw new DeliveryError(
    'invalid-input',
    `holds '${lossy}', which would not be the same once written anew: write it as a text in quotes, or a whole file in JSON`,
  );
};

const validateValue = (value: unknown, { type, schema }: CompositionInput) => [
  ...(type === 'AWS.AppConfig.FeatureFlags' ? validateFeatureFlags(value) : []),
  ...(schema?.(value) ?? []),
];

/** Makes contents of files; what several tenants share is read and checked once. */
export class Composer {
  private readonly fileCache = new Map<string, Promise<SourceFile>>();
  private readonly templateCache = new Map<string, Promise<ComposedContent>>();

  constructor(private readonly files: WorkspaceFiles) {}

  async compose(input: CompositionInput): Promise<ComposedContent> {
    const { tenantFile, template, merge } = input;
    if (tenantFile === undefined && template === undefined) {
      throw new DeliveryError('unexpected', `profile '${input.profile}' has no file`);
    }
    if (tenantFile === undefined || template === undefined)
      return this.composeFile(input, tenantFile ?? template ?? '');
    if (merge === 'replace') return this.composeFile(input, tenantFile);
    return this.composeMerged(input, tenantFile, template);
  }

  /** The text of a JSON Schema and its check. Throws `invalid-input` for what is none, and for what is too long. */
  async loadSchema(file: string): Promise<{ readonly content: string; readonly validate: SchemaValidator }> {
    const raw = (await this.files.read(file)).trim();
    const validate = await compileSchema(raw);
    // The service counts characters: what only people read is left out where it would not fit.
    const content = raw.length > MAX_SCHEMA_LENGTH ? JSON.stringify(JSON.parse(raw)) : raw;
    if (content.length <= MAX_SCHEMA_LENGTH) return { content, validate };
    throw new DeliveryError(
      'invalid-input',
      `has ${content.length} characters, a validator of AppConfig at most ${MAX_SCHEMA_LENGTH}`,
    );
  }

  private composeFile(input: CompositionInput, file: string): Promise<ComposedContent> {
    if (file !== input.template) return this.readAndCompose(input, file);
    const composed = this.templateCache.get(file) ?? this.readAndCompose(input, file);
    this.templateCache.set(file, composed);
    return composed;
  }

  private async readAndCompose(input: CompositionInput, file: string): Promise<ComposedContent> {
    return convertErrors(file, async () => {
      const sourceFile = await this.readFile(file);
      if (sourceFile.format === 'text') return this.composePlain(input, sourceFile);
      // The service takes feature flags as JSON only: those in YAML are written anew.
      const needsRewrite = input.type === 'AWS.AppConfig.FeatureFlags' && sourceFile.format !== 'json';
      const value = needsRewrite ? parseRewritable(sourceFile) : parseValue(sourceFile.text, sourceFile.format);
      return this.composeValue(input, sourceFile, value, () => sourceFile.text);
    });
  }

  private async composeMerged(input: CompositionInput, tenantFile: string, template: string): Promise<ComposedContent> {
    if (detectFormat(tenantFile) === 'text' || detectFormat(template) === 'text')
      return this.readAndCompose(input, tenantFile);
    return convertErrors(template, async () => {
      const base = parseRewritable(await this.readFile(template));
      return convertErrors(tenantFile, async () => {
        const tenantSource = await this.readFile(tenantFile);
        const value = mergeDeep(base, parseRewritable(tenantSource));
        const composed = this.composeValue(input, tenantSource, value, () => stringifyAs(tenantSource.format, value));
        return composed.kind === 'content' ? { ...composed, template } : composed;
      });
    });
  }

  private composePlain(input: CompositionInput, { file, text }: SourceFile): ComposedContent {
    if (input.type === 'AWS.AppConfig.FeatureFlags') {
      return createInvalidContent(file, 'is no document: feature flags are written as .json, .yaml or .yml');
    }
    if (input.schema !== undefined)
      return createInvalidContent(file, 'is text, but its profile has a JSON Schema: write it as .json or .yaml');
    return { kind: 'content', content: createContent(text, 'text', input.type), file, template: undefined };
  }

  private composeValue(
    input: CompositionInput,
    sourceFile: SourceFile,
    value: unknown,
    getContent: () => string,
  ): ComposedContent {
    const violations = validateValue(value, input);
    if (violations.length > 0) {
      const issues = violations.map(({ path, message }) => ({
        message,
        file: sourceFile.file,
        line: findLine(sourceFile.text, path),
      }));
      return { kind: 'invalid', issues };
    }
    const isFlags = input.type === 'AWS.AppConfig.FeatureFlags';
    const format = isFlags ? 'json' : sourceFile.format;
    const content = createContent(
      isFlags && sourceFile.format !== 'json' ? stringifyAs('json', value) : getContent(),
      format,
      input.type,
    );
    return { kind: 'content', content, file: sourceFile.file, template: undefined };
  }

  private readFile(file: string): Promise<SourceFile> {
    const cached = this.fileCache.get(file);
    if (cached !== undefined) return cached;
    const pending = this.files.read(file).then((text) => ({ file, text, format: detectFormat(file) }));
    // Only what tenants share is worth keeping.
    if (!/[\\/]tenants[\\/]/.test(file)) this.fileCache.set(file, pending);
    return pending;
  }
}

import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { ProfileType } from '../appconfig/resources.js';
import type { DesiredProfile, ProfileRef } from './desired-profile.js';
import { type Content, createContent, createParsedContent } from './documents/content.js';
import { detectFormat, type Format, LineFinder, parseDocuments, toPlainValue } from './documents/document.js';
import { MergeKeyResolver, mergeTokens } from './documents/merge-tokens.js';
import type { PatternMatcher } from './documents/pattern-matcher.js';
import { compileSchema, MAX_SCHEMA_LENGTH, type SchemaValidator } from './documents/schema.js';
import { Canonicalizer, formatKeyIdentity, type Token } from './documents/token.js';
import { formatJsonKey, writeJson, writeYaml } from './documents/write-tokens.js';
import type { YamlDocument } from './documents/yaml-reader.js';
import { validateFeatureFlags } from './flags/feature-flags.js';
import { getProfileSettings } from './settings.js';
import type { Tree } from './tree.js';
import { formatIssue, InvalidFilesError, type ValidationIssue } from './validation-issue.js';
import type { WorkspaceFiles } from './workspace-files.js';

interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
}

interface ParsedFile extends SourceFile {
  readonly format: 'json' | 'yaml';
}

const isParsed = (file: SourceFile): file is ParsedFile => file.format !== 'text';

/** Composed content, or the issues of its files. */
type ComposedContent =
  | {
      readonly kind: 'content';
      readonly content: Content;
      readonly file: string;
      readonly template: string | undefined;
    }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] };

interface Schema {
  /** The validator for AppConfig; undefined for drafts that it does not take. */
  readonly content: string | undefined;
  readonly validate: SchemaValidator;
}

/** The files of one profile, and what their content must conform to. */
interface CompositionInput {
  readonly profile: string;
  readonly type: ProfileType;
  readonly tenantFile: string | undefined;
  readonly template: string | undefined;
  readonly schema: Schema | undefined;
}

const createInvalidContent = (file: string, message: string, line?: number): ComposedContent => ({
  kind: 'invalid',
  issues: [{ file, message, line }],
});

/** Turns a DeliveryError into an issue of the file. */
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

/** Parses the only document of a file that will be written again, with merge keys resolved. */
const parseSingleDocument = ({ text, format }: ParsedFile, purpose: string): YamlDocument => {
  const documents = parseDocuments(text, format);
  const [document] = documents;
  if (document !== undefined && documents.length === 1)
    return { ...document, root: new MergeKeyResolver().resolve(document.root) };
  throw new DeliveryError(
    'invalid-input',
    `contains ${documents.length} YAML documents: ${purpose} requires exactly one`,
  );
};

/** Merges two documents and writes the result in the format of the second. */
const mergeDocuments = (base: YamlDocument, override: YamlDocument, format: 'json' | 'yaml'): string => {
  if (base.version !== undefined && override.version !== undefined && base.version !== override.version)
    throw new DeliveryError(
      'invalid-input',
      `has the directive %YAML ${override.version}, but its template has %YAML ${base.version}: use one of them`,
    );
  const canonicalizer = new Canonicalizer();
  const getKeyName = format === 'json' ? formatJsonKey : (key: Token) => formatKeyIdentity(key, canonicalizer);
  const merged = mergeTokens(base.root, override.root, { getKeyName });
  return format === 'json' ? writeJson(merged) : writeYaml(merged, override.version ?? base.version);
};

/** Throws InvalidFilesError for a file that is not a JSON Schema, or too long for a validator of AppConfig. */
const loadSchema = async (files: WorkspaceFiles, file: string, patterns: PatternMatcher): Promise<Schema> => {
  try {
    const raw = (await files.read(file)).trim();
    const { validate, isDraft04 } = await compileSchema(raw, patterns);
    // AppConfig's validators take draft-04 only: a schema of a newer draft is checked here alone.
    if (!isDraft04) return { content: undefined, validate };
    // AppConfig counts characters: white space is dropped from a schema that exceeds the limit with it.
    const content = raw.length > MAX_SCHEMA_LENGTH ? JSON.stringify(JSON.parse(raw)) : raw;
    if (content.length <= MAX_SCHEMA_LENGTH) return { content, validate };
    throw new DeliveryError(
      'invalid-input',
      `has ${content.length} characters, more than the AppConfig limit of ${MAX_SCHEMA_LENGTH} for a validator: shorten the schema`,
    );
  } catch (error) {
    throw error instanceof DeliveryError ? new InvalidFilesError([{ file, message: error.message }]) : error;
  }
};

/** Throws `invalid-input` for a merge key of another value than maps. */
const validateDocument = (root: Token, { type, schema }: CompositionInput, patterns: PatternMatcher) => {
  const resolved = new MergeKeyResolver().resolve(root);
  if (type !== 'AWS.AppConfig.FeatureFlags' && schema === undefined) return [];
  const value = toPlainValue(resolved);
  return [
    ...(type === 'AWS.AppConfig.FeatureFlags' ? validateFeatureFlags(value, patterns) : []),
    ...(schema?.validate(value) ?? []),
  ];
};

const COMPOSE_CONCURRENCY = 32;

export interface ComposerOptions {
  readonly files: WorkspaceFiles;
  readonly patterns: PatternMatcher;
  readonly tree: Pick<Tree, 'settings' | 'template' | 'schemas' | 'tenants'>;
  /** How a tenant's file relates to the template of its profile. */
  readonly merge: 'replace' | 'deep';
}

/** Composes and validates the content of profiles. Files that tenants share are read and validated once. */
export class Composer {
  private readonly fileCache = new Map<string, Promise<SourceFile>>();
  private readonly templateCache = new Map<string, Promise<ComposedContent>>();

  private constructor(
    private readonly options: ComposerOptions,
    private readonly schemas: ReadonlyMap<string, Schema>,
  ) {}

  /** Loads the schemas of the tree. Throws InvalidFilesError for one that cannot be used. */
  static async load(options: ComposerOptions): Promise<Composer> {
    const schemas = await mapConcurrent([...options.tree.schemas], COMPOSE_CONCURRENCY, async ([profile, file]) => {
      return [profile, await loadSchema(options.files, file, options.patterns)] as const;
    });
    return new Composer(options, new Map(schemas));
  }

  /** Composes all profiles. Throws InvalidFilesError with the issues of all files. */
  async composeAll(refs: readonly ProfileRef[]): Promise<readonly DesiredProfile[]> {
    const issues = new Map<string, ValidationIssue>();
    const profiles = await mapConcurrent(refs, COMPOSE_CONCURRENCY, async (ref) => {
      const composed = await this.compose(ref);
      if (!('issues' in composed)) return [composed];
      for (const issue of composed.issues) issues.set(formatIssue(issue), issue);
      return [];
    });
    if (issues.size > 0) throw new InvalidFilesError([...issues.values()]);
    return profiles.flat();
  }

  private async compose(ref: ProfileRef): Promise<DesiredProfile | { readonly issues: readonly ValidationIssue[] }> {
    const { tenant, environment, profile } = ref;
    const { settings, tenants, template } = this.options.tree;
    const { type, location, validators: functions } = getProfileSettings(settings, profile);
    const schema = this.schemas.get(profile);
    if (schema?.content !== undefined && functions.length > 1) {
      const message = `profile '${profile}' has a JSON Schema and ${functions.length} functions: remove one, because AppConfig allows at most 2 validators`;
      throw new DeliveryError('invalid-input', message);
    }
    const desired = { tenant, environment, profile, type, functions, schema: schema?.content };
    if (location.kind === 'external') return { ...desired, source: { kind: 'external', location } };
    const tenantFile = tenants.get(tenant)?.get(environment)?.get(profile);
    const composed = await this.composeContent({ profile, type, tenantFile, template: template.get(profile), schema });
    if (composed.kind === 'invalid') return composed;
    const { content, file, template: mergedTemplate } = composed;
    return { ...desired, source: { kind: 'hosted', content, file, template: mergedTemplate } };
  }

  private async composeContent(input: CompositionInput): Promise<ComposedContent> {
    const { tenantFile, template } = input;
    if (tenantFile !== undefined && template !== undefined && this.options.merge === 'deep')
      return this.composeMerged(input, tenantFile, template);
    const file = tenantFile ?? template;
    if (file === undefined) throw new DeliveryError('unexpected', `profile '${input.profile}' has no file`);
    return this.composeFile(input, file);
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
      if (!isParsed(sourceFile)) return this.composePlain(input, sourceFile);
      // AppConfig accepts feature flags as JSON only: YAML is written again.
      const isConverted = input.type === 'AWS.AppConfig.FeatureFlags' && sourceFile.format !== 'json';
      const text = isConverted
        ? writeJson(parseSingleDocument(sourceFile, 'a feature flag profile').root)
        : sourceFile.text;
      return this.composeText(input, sourceFile, text, isConverted ? 'json' : sourceFile.format);
    });
  }

  private async composeMerged(input: CompositionInput, tenantFile: string, template: string): Promise<ComposedContent> {
    const [templateSource, tenantSource] = await Promise.all([this.readFile(template), this.readFile(tenantFile)]);
    if (!isParsed(templateSource) || !isParsed(tenantSource)) return this.readAndCompose(input, tenantFile);
    return convertErrors(template, async () => {
      const base = parseSingleDocument(templateSource, "'merge: deep'");
      return convertErrors(tenantFile, async () => {
        const override = parseSingleDocument(tenantSource, "'merge: deep'");
        const format = input.type === 'AWS.AppConfig.FeatureFlags' ? 'json' : tenantSource.format;
        const composed = this.composeText(input, tenantSource, mergeDocuments(base, override, format), format);
        return composed.kind === 'content' ? { ...composed, template } : composed;
      });
    });
  }

  private composePlain(input: CompositionInput, { file, text }: SourceFile): ComposedContent {
    if (input.type === 'AWS.AppConfig.FeatureFlags') {
      return createInvalidContent(file, 'is not a JSON or YAML file: feature flags must be .json, .yaml or .yml');
    }
    if (input.schema !== undefined)
      return createInvalidContent(file, 'is a text file, but its profile has a JSON Schema: use .json, .yaml or .yml');
    return { kind: 'content', content: createContent(text, 'text', input.type), file, template: undefined };
  }

  private composeText(
    input: CompositionInput,
    { file, text: source }: SourceFile,
    text: string,
    format: 'json' | 'yaml',
  ): ComposedContent {
    const documents = parseDocuments(text, format);
    const violations = documents.flatMap(({ root }) => validateDocument(root, input, this.options.patterns));
    if (violations.length > 0) {
      const lines = new LineFinder(source);
      const issues = violations.map(({ path, message }) => ({ message, file, line: lines.find(path) }));
      return { kind: 'invalid', issues };
    }
    const content = createParsedContent(text, { format, documents }, input.type);
    return { kind: 'content', content, file, template: undefined };
  }

  private readFile(file: string): Promise<SourceFile> {
    const cached = this.fileCache.get(file);
    if (cached !== undefined) return cached;
    const pending = this.options.files.read(file).then((text) => ({ file, text, format: detectFormat(file) }));
    // Files of one tenant are read once anyway.
    if (!/[\\/]tenants[\\/]/.test(file)) this.fileCache.set(file, pending);
    return pending;
  }
}

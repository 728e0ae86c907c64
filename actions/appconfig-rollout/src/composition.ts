import { DeliveryError } from '@aws-delivery/action-kit/error';
import { stringify } from 'yaml';
import { type Content, contentOf, type ProfileType } from './content.js';
import { type Format, formatOf, lineOf, lossIn, readValue } from './document.js';
import type { Fault } from './fault.js';
import { flagFaults } from './feature-flags.js';
import type { Files } from './files.js';
import { mergeDeep } from './merge.js';
import { type Check, compileSchema, LONGEST_SCHEMA } from './schema.js';

/** One file as it is read. */
interface Read {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
}

/** A content, or what is wrong with it. */
export type Composed =
  | {
      readonly kind: 'content';
      readonly content: Content;
      readonly file: string;
      readonly template: string | undefined;
    }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] };

/** What a content is made of, and what it is checked against. */
export interface Recipe {
  readonly profile: string;
  readonly type: ProfileType;
  /** Path of the tenant's own file. */
  readonly own: string | undefined;
  /** Path of the template's. */
  readonly template: string | undefined;
  readonly merge: 'replace' | 'deep';
  readonly schema: Check | undefined;
}

const writeAs = (format: Format, value: unknown): string =>
  format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : stringify(value);

const faulty = (file: string, message: string, line?: number): Composed => ({
  kind: 'faulty',
  faults: [{ file, message, line }],
});

const guarded = async (file: string, make: () => Promise<Composed>): Promise<Composed> => {
  try {
    return await make();
  } catch (error) {
    if (error instanceof DeliveryError) return faulty(file, error.message);
    throw error;
  }
};

/** A value that is to be written anew: refuses one that would not be the same then. */
const rewritable = ({ text, format }: Read): unknown => {
  if (format === 'text') return text;
  const value = readValue(text, format);
  const lost = lossIn(text, format);
  if (lost === undefined) return value;
  throw new DeliveryError(
    'invalid-input',
    `holds '${lost}', which would not be the same once written anew: write it as a text in quotes, or a whole file in JSON`,
  );
};

const faultsOf = (value: unknown, { type, schema }: Recipe) => [
  ...(type === 'AWS.AppConfig.FeatureFlags' ? flagFaults(value) : []),
  ...(schema?.(value) ?? []),
];

/** Makes contents of files; what several tenants share is read and checked once. */
export class Composer {
  private readonly texts = new Map<string, Promise<Read>>();
  private readonly shared = new Map<string, Promise<Composed>>();

  constructor(private readonly files: Files) {}

  async compose(recipe: Recipe): Promise<Composed> {
    const { own, template, merge } = recipe;
    if (own === undefined && template === undefined) {
      throw new DeliveryError('unexpected', `profile '${recipe.profile}' has no file`);
    }
    if (own === undefined || template === undefined) return this.single(recipe, own ?? template ?? '');
    if (merge === 'replace') return this.single(recipe, own);
    return this.merged(recipe, own, template);
  }

  /** The text of a JSON Schema and its check. Throws `invalid-input` for what is none, and for what is too long. */
  async schema(file: string): Promise<{ readonly text: string; readonly check: Check }> {
    const given = (await this.files.read(file)).trim();
    const check = await compileSchema(given);
    // The service counts characters: what only people read is left out where it would not fit.
    const text = given.length > LONGEST_SCHEMA ? JSON.stringify(JSON.parse(given)) : given;
    if (text.length <= LONGEST_SCHEMA) return { text, check };
    throw new DeliveryError(
      'invalid-input',
      `has ${text.length} characters, a validator of AppConfig at most ${LONGEST_SCHEMA}`,
    );
  }

  private single(recipe: Recipe, file: string): Promise<Composed> {
    if (file !== recipe.template) return this.make(recipe, file);
    const made = this.shared.get(file) ?? this.make(recipe, file);
    this.shared.set(file, made);
    return made;
  }

  private async make(recipe: Recipe, file: string): Promise<Composed> {
    return guarded(file, async () => {
      const read = await this.read(file);
      if (read.format === 'text') return this.plain(recipe, read);
      // The service takes feature flags as JSON only: those in YAML are written anew.
      const isAnew = recipe.type === 'AWS.AppConfig.FeatureFlags' && read.format !== 'json';
      const value = isAnew ? rewritable(read) : readValue(read.text, read.format);
      return this.checked(recipe, read, value, () => read.text);
    });
  }

  private async merged(recipe: Recipe, own: string, template: string): Promise<Composed> {
    if (formatOf(own) === 'text' || formatOf(template) === 'text') return this.make(recipe, own);
    return guarded(template, async () => {
      const base = rewritable(await this.read(template));
      return guarded(own, async () => {
        const above = await this.read(own);
        const value = mergeDeep(base, rewritable(above));
        const composed = this.checked(recipe, above, value, () => writeAs(above.format, value));
        return composed.kind === 'content' ? { ...composed, template } : composed;
      });
    });
  }

  private plain(recipe: Recipe, { file, text }: Read): Composed {
    if (recipe.type === 'AWS.AppConfig.FeatureFlags') {
      return faulty(file, 'is no document: feature flags are written as .json, .yaml or .yml');
    }
    if (recipe.schema !== undefined)
      return faulty(file, 'is text, but its profile has a JSON Schema: write it as .json or .yaml');
    return { kind: 'content', content: contentOf(text, 'text', recipe.type), file, template: undefined };
  }

  private checked(recipe: Recipe, read: Read, value: unknown, text: () => string): Composed {
    const wrong = faultsOf(value, recipe);
    if (wrong.length > 0) {
      const faults = wrong.map(({ path, message }) => ({ message, file: read.file, line: lineOf(read.text, path) }));
      return { kind: 'faulty', faults };
    }
    const isFlags = recipe.type === 'AWS.AppConfig.FeatureFlags';
    const format = isFlags ? 'json' : read.format;
    const content = contentOf(isFlags && read.format !== 'json' ? writeAs('json', value) : text(), format, recipe.type);
    return { kind: 'content', content, file: read.file, template: undefined };
  }

  private read(file: string): Promise<Read> {
    const known = this.texts.get(file);
    if (known !== undefined) return known;
    const reading = this.files.read(file).then((text) => ({ file, text, format: formatOf(file) }));
    // Only what tenants share is worth keeping.
    if (!/[\\/]tenants[\\/]/.test(file)) this.texts.set(file, reading);
    return reading;
  }
}

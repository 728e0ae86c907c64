import { open, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { fileError } from '@aws-delivery/artifact/file-error';
import type { Template } from '@aws-delivery/template/template';
import { type LocalReference, localReferencesIn } from './packaging-reference.js';
import { parseNamed } from './template-source.js';
import { decodeText } from './text-encoding.js';
import { nameIn } from './text-source.js';

/** How a local path goes to S3. */
export type Form = 'folder' | 'zipped-file' | 'file';

/** A local path, and what is there. */
export interface PlannedArtifact {
  readonly reference: LocalReference;
  /** On this machine. */
  readonly path: string;
  readonly form: Form;
}

export interface PlannedTemplate {
  readonly reference: LocalReference;
  readonly plan: PackagingPlan;
}

/** What a template needs to have in S3 before it can be deployed, nested templates included. */
export interface PackagingPlan {
  readonly text: string;
  readonly template: Template;
  /** The template as it is seen from the workspace. */
  readonly file: string;
  readonly artifacts: readonly PlannedArtifact[];
  readonly nested: readonly PlannedTemplate[];
}

/** A template on this machine. */
export interface LocalTemplate {
  readonly text: string;
  readonly template: Template;
  readonly file: string;
  /** On this machine, where relative paths start from; undefined where it is no file: they start from the workspace. */
  readonly path: string | undefined;
}

/** Adds where in which template an error belongs; its code stays. */
export const placed = (
  { file, template }: Pick<PackagingPlan, 'file' | 'template'>,
  { path, text }: LocalReference,
  error: unknown,
): DeliveryError => {
  const line = template.positionOf(path)?.line;
  const place = `${file}${line === undefined ? '' : `:${line}`}`;
  const code = error instanceof DeliveryError ? error.code : 'unexpected';
  return new DeliveryError(code, `${place}: ${path.join('.')} is '${text}': ${textOf(error)}`, { cause: error });
};

/** Archives begin with the letters PK: with a first entry, or with the end of the list of none. */
const isArchive = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return ['PK\u0003\u0004', 'PK\u0005\u0006'].includes(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
};

const formOf = async (path: string, kind: LocalReference['rule']['kind']): Promise<Form> => {
  const status = await stat(path);
  if (status.isDirectory()) return 'folder';
  return kind === 'code' && !(await isArchive(path)) ? 'zipped-file' : 'file';
};

const pathOf = (folder: string, text: string): string =>
  text.startsWith('file:///') ? fileURLToPath(text) : resolve(folder, text.replace(/^file:(?:\/\/)?/u, ''));

/** Reads templates once each, however often they are nested, and follows them down. */
class Planner {
  private readonly plans = new Map<string, Promise<PackagingPlan>>();

  constructor(private readonly workspace: string) {}

  /** @param above paths of the templates that this one is nested in */
  async plan(local: LocalTemplate, above: readonly string[]): Promise<PackagingPlan> {
    const { text, template, file } = local;
    const folder = local.path === undefined ? this.workspace : dirname(local.path);
    const references = localReferencesIn(template);
    const attempt = async <T>(reference: LocalReference, work: (path: string) => Promise<T>): Promise<T> => {
      const path = pathOf(folder, reference.text);
      try {
        return await work(path);
      } catch (error) {
        throw placed(local, reference, error);
      }
    };
    const isNested = ({ rule }: LocalReference): boolean => rule.kind === 'template';
    const artifacts = await Promise.all(
      references
        .filter((reference) => !isNested(reference))
        .map((reference) => attempt(reference, (path) => this.artifact(reference, path))),
    );
    const nested: PlannedTemplate[] = [];
    // One after the other: two chains under way at once could wait for each other in a circle.
    for (const reference of references.filter(isNested)) {
      nested.push({ reference, plan: await attempt(reference, (inner) => this.nested(inner, above)) });
    }
    return { text, template, file, artifacts, nested };
  }

  private async artifact(reference: LocalReference, path: string): Promise<PlannedArtifact> {
    try {
      return { reference, path, form: await formOf(path, reference.rule.kind) };
    } catch (error) {
      throw fileError(nameIn(this.workspace, path), error);
    }
  }

  private async nested(path: string, above: readonly string[]): Promise<PackagingPlan> {
    if (above.includes(path)) {
      const circle = [...above, path].map((one) => nameIn(this.workspace, one)).join(' → ');
      throw new DeliveryError('invalid-input', `templates are nested in a circle (${circle}): take one out`);
    }
    const plan = this.plans.get(path) ?? this.read(path, above);
    this.plans.set(path, plan);
    return plan;
  }

  private async read(path: string, above: readonly string[]): Promise<PackagingPlan> {
    const file = nameIn(this.workspace, path);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw fileError(file, error);
    });
    const text = decodeText(bytes);
    return this.plan({ text, template: parseNamed(text, file), file, path }, [...above, path]);
  }
}

/**
 * Finds every local path in a template and in those nested in it. Nothing is sent yet, so that all mistakes come
 * to light before the first call.
 * @throws DeliveryError with file and line: a path that leads nowhere, a nested template that is none, or a circle
 */
export const planPackaging = (local: LocalTemplate, workspace: string): Promise<PackagingPlan> =>
  new Planner(workspace).plan(local, local.path === undefined ? [] : [local.path]);

/** The plan itself and the plans of all nested templates, each once. */
export const plansIn = (plan: PackagingPlan): readonly PackagingPlan[] => {
  const found = new Set<PackagingPlan>();
  const add = (one: PackagingPlan): void => {
    if (found.has(one)) return;
    found.add(one);
    for (const { plan: nested } of one.nested) add(nested);
  };
  add(plan);
  return [...found];
};

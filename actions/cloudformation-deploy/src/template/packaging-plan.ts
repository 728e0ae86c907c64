import { open, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { Template } from '@aws-delivery/template/template';
import { findLocalReferences, type LocalReference } from './local-references.js';
import { toWorkspacePath } from './source-reader.js';
import { parseTemplateBody } from './template-source.js';
import { decodeFileContent } from './text-encoding.js';

/** How a local path goes to S3. */
export type ArtifactForm = 'directory' | 'zipped-file' | 'file';

/** A local path, and what is there. */
export interface PlannedArtifact {
  readonly reference: LocalReference;
  /** On this machine. */
  readonly path: string;
  readonly form: ArtifactForm;
}

export interface PlannedTemplate {
  readonly reference: LocalReference;
  readonly plan: PackagingPlan;
}

/** What a template needs to have in S3 before it can be deployed, nested templates included. */
export interface PackagingPlan {
  readonly body: string;
  readonly template: Template;
  /** The template as it is seen from the workspace. */
  readonly file: string;
  readonly artifacts: readonly PlannedArtifact[];
  readonly nested: readonly PlannedTemplate[];
}

/** A template on this machine. */
export interface PackageableTemplate {
  readonly body: string;
  readonly template: Template;
  readonly file: string;
  /** On this machine, where relative paths start from; undefined where it is no file: they start from the workspace. */
  readonly path: string | undefined;
}

/** Adds where in which template an error belongs; its code stays. */
export const addLocation = (
  { file, template }: Pick<PackagingPlan, 'file' | 'template'>,
  { path, localPath }: LocalReference,
  error: unknown,
): DeliveryError => {
  const line = template.getPosition(path)?.line;
  const location = `${file}${line === undefined ? '' : `:${line}`}`;
  const code = error instanceof DeliveryError ? error.code : 'unexpected';
  return new DeliveryError(code, `${location}: ${path.join('.')} is '${localPath}': ${errorMessage(error)}`, {
    cause: error,
  });
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

const detectForm = async (path: string, kind: LocalReference['rule']['kind']): Promise<ArtifactForm> => {
  const status = await stat(path);
  if (status.isDirectory()) return 'directory';
  return kind === 'code' && !(await isArchive(path)) ? 'zipped-file' : 'file';
};

const resolveLocalPath = (directory: string, localPath: string): string =>
  localPath.startsWith('file:///')
    ? fileURLToPath(localPath)
    : resolve(directory, localPath.replace(/^file:(?:\/\/)?/u, ''));

/** Reads templates once each, however often they are nested, and follows them down. */
class Planner {
  private readonly plans = new Map<string, Promise<PackagingPlan>>();

  constructor(private readonly workspace: string) {}

  /** @param above paths of the templates that this one is nested in */
  async plan(local: PackageableTemplate, ancestors: readonly string[]): Promise<PackagingPlan> {
    const { body, template, file } = local;
    const directory = local.path === undefined ? this.workspace : dirname(local.path);
    const references = findLocalReferences(template);
    const withReference = async <T>(reference: LocalReference, task: (path: string) => Promise<T>): Promise<T> => {
      const path = resolveLocalPath(directory, reference.localPath);
      try {
        return await task(path);
      } catch (error) {
        throw addLocation(local, reference, error);
      }
    };
    const isNested = ({ rule }: LocalReference): boolean => rule.kind === 'template';
    const artifacts = await Promise.all(
      references
        .filter((reference) => !isNested(reference))
        .map((reference) => withReference(reference, (path) => this.planArtifact(reference, path))),
    );
    const nested: PlannedTemplate[] = [];
    // One after the other: two chains under way at once could wait for each other in a circle.
    for (const reference of references.filter(isNested)) {
      nested.push({ reference, plan: await withReference(reference, (inner) => this.planNested(inner, ancestors)) });
    }
    return { body, template, file, artifacts, nested };
  }

  private async planArtifact(reference: LocalReference, path: string): Promise<PlannedArtifact> {
    try {
      return { reference, path, form: await detectForm(path, reference.rule.kind) };
    } catch (error) {
      throw toFileError(toWorkspacePath(this.workspace, path), error);
    }
  }

  private async planNested(path: string, ancestors: readonly string[]): Promise<PackagingPlan> {
    if (ancestors.includes(path)) {
      const circle = [...ancestors, path].map((template) => toWorkspacePath(this.workspace, template)).join(' → ');
      throw new DeliveryError('invalid-input', `templates are nested in a circle (${circle}): take one out`);
    }
    const plan = this.plans.get(path) ?? this.readNested(path, ancestors);
    this.plans.set(path, plan);
    return plan;
  }

  private async readNested(path: string, ancestors: readonly string[]): Promise<PackagingPlan> {
    const file = toWorkspacePath(this.workspace, path);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw toFileError(file, error);
    });
    const body = decodeFileContent(bytes);
    return this.plan({ body, template: parseTemplateBody(body, file), file, path }, [...ancestors, path]);
  }
}

/**
 * Finds every local path in a template and in those nested in it. Nothing is sent yet, so that all mistakes come
 * to light before the first call.
 * @throws DeliveryError with file and line: a path that leads nowhere, a nested template that is none, or a circle
 */
export const planPackaging = (local: PackageableTemplate, workspace: string): Promise<PackagingPlan> =>
  new Planner(workspace).plan(local, local.path === undefined ? [] : [local.path]);

/** The plan itself and the plans of all nested templates, each once. */
export const listPlans = (plan: PackagingPlan): readonly PackagingPlan[] => {
  const plans = new Set<PackagingPlan>();
  const add = (current: PackagingPlan): void => {
    if (plans.has(current)) return;
    plans.add(current);
    for (const { plan: nested } of current.nested) add(nested);
  };
  add(plan);
  return [...plans];
};

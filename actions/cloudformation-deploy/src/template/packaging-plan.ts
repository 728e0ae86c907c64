import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { findLocalReferences, type LocalReference } from './local-references.js';
import type { SourceReader } from './source-reader.js';
import { createFileTemplateSource, type TemplateSource } from './template-source.js';

/** How an artifact is stored: an archive of a directory or of one file, or the file as it is. */
export type ArtifactForm = 'directory' | 'zipped-file' | 'file';

export interface PlannedArtifact {
  readonly reference: LocalReference;
  /** Absolute path. */
  readonly path: string;
  readonly form: ArtifactForm;
}

export interface PlannedTemplate {
  readonly reference: LocalReference;
  readonly plan: PackagingPlan;
}

/** The local artifacts of a template, and the plans of its nested templates. */
export interface PackagingPlan {
  readonly templateSource: TemplateSource;
  readonly artifacts: readonly PlannedArtifact[];
  readonly nested: readonly PlannedTemplate[];
}

/** Prefixes an error with template, line and property path of the reference; its code is kept. */
export const addLocation = (
  { name, template }: TemplateSource,
  { path, localPath }: LocalReference,
  error: unknown,
): DeliveryError => {
  const line = template.getPosition(path)?.line;
  const location = `${name}${line === undefined ? '' : `:${line}`}`;
  const code = error instanceof DeliveryError ? error.code : 'unexpected';
  return new DeliveryError(
    code,
    `${location}: cannot package ${path.join('.')} '${localPath}': ${errorMessage(error)}`,
    {
      cause: error,
    },
  );
};

/** Zip archives start with PK and the signature of a first entry or, when empty, of the end of the directory. */
const isArchive = async (path: string): Promise<boolean> => {
  const file = await openRegularFile(path);
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

/** Absolute path of a local path in a template. */
export const resolveLocalPath = (directory: string, localPath: string): string =>
  localPath.startsWith('file:///')
    ? fileURLToPath(localPath)
    : resolve(directory, localPath.replace(/^file:(?:\/\/)?/u, ''));

/** Plans a template and its nested templates. A template that is nested several times is read once. */
class Planner {
  private readonly plans = new Map<string, Promise<PackagingPlan>>();

  constructor(private readonly sourceReader: SourceReader) {}

  /** @param ancestors absolute paths of the templates that this one is nested in, and its own */
  async plan(templateSource: TemplateSource, ancestors: readonly string[]): Promise<PackagingPlan> {
    const directory = templateSource.kind === 'file' ? dirname(templateSource.path) : this.sourceReader.workspace;
    const references = findLocalReferences(templateSource.template);
    const withReference = async <T>(reference: LocalReference, task: (path: string) => Promise<T>): Promise<T> => {
      const path = resolveLocalPath(directory, reference.localPath);
      try {
        return await task(path);
      } catch (error) {
        throw addLocation(templateSource, reference, error);
      }
    };
    const isNested = ({ rule }: LocalReference): boolean => rule.kind === 'template';
    const artifacts = await Promise.all(
      references
        .filter((reference) => !isNested(reference))
        .map((reference) => withReference(reference, (path) => this.planArtifact(reference, path))),
    );
    const nested: PlannedTemplate[] = [];
    // Sequential: two chains planned at once could wait for each other's plans for ever.
    for (const reference of references.filter(isNested)) {
      nested.push({ reference, plan: await withReference(reference, (path) => this.planNested(path, ancestors)) });
    }
    return { templateSource, artifacts, nested };
  }

  private async planArtifact(reference: LocalReference, path: string): Promise<PlannedArtifact> {
    try {
      return { reference, path, form: await detectForm(path, reference.rule.kind) };
    } catch (error) {
      throw toFileError(this.sourceReader.formatPath(path), error);
    }
  }

  private async planNested(path: string, ancestors: readonly string[]): Promise<PackagingPlan> {
    if (ancestors.includes(path)) {
      const circle = [...ancestors, path].map((ancestor) => this.sourceReader.formatPath(ancestor)).join(' → ');
      throw new DeliveryError('invalid-input', `the nested templates form a cycle (${circle}): remove one`);
    }
    const plan = this.plans.get(path) ?? this.readNested(path, ancestors);
    this.plans.set(path, plan);
    return plan;
  }

  private async readNested(path: string, ancestors: readonly string[]): Promise<PackagingPlan> {
    const templateSource = createFileTemplateSource(await this.sourceReader.readFile(path));
    return this.plan(templateSource, [...ancestors, path]);
  }
}

/**
 * Finds every local path in a template and in its nested templates. Relative paths start from the template's directory,
 * or from the workspace for a template that is not a file. Nothing is uploaded, so that all errors are found before the
 * first call.
 * @throws DeliveryError with file and line: a missing file, an invalid nested template, or a circle of templates
 */
export const planPackaging = (templateSource: TemplateSource, sourceReader: SourceReader): Promise<PackagingPlan> =>
  new Planner(sourceReader).plan(templateSource, templateSource.kind === 'file' ? [templateSource.path] : []);

/** The plan and the plans of all nested templates, without duplicates. */
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

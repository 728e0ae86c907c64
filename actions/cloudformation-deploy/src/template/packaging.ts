import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import {
  type Artifact,
  createDirectoryArtifact,
  createFileArtifact,
  createTextArtifact,
  createZippedFileArtifact,
} from '@aws-delivery/artifact/artifact';
import { ARCHIVE_LIMITS } from '@aws-delivery/artifact/tree';
import type { Store, StoredArtifact } from '@aws-delivery/aws/s3/artifact-store';
import { addLocation, listPlans, type PackagingPlan, type PlannedArtifact } from './packaging-plan.js';
import { formatRegionalValue } from './regional-store.js';
import { type Replacement, replaceValues } from './replace-values.js';
import type { TemplateSource } from './template-source.js';

/** Limit of a Lambda function with its layers, unpacked; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_CODE_BYTES = 262_144_000;

export interface PackagingOptions {
  /** Number of artifacts that are read and uploaded at once. */
  readonly concurrency: number;
  /** Directory for archives until they are uploaded. */
  readonly tempDirectory: string;
  /** Directory in which symbolic links are followed. */
  readonly workspace: string;
}

export interface PackagedArtifact {
  /** `directory 'src/api'`. */
  readonly label: string;
  readonly stored: StoredArtifact;
}

export interface PackagedTemplate {
  /** The body with S3 addresses in place of local paths; line numbers are unchanged. */
  readonly body: string;
  readonly artifacts: readonly PackagedArtifact[];
}

const createArtifact = (
  { form, path, reference }: PlannedArtifact,
  { tempDirectory, workspace }: PackagingOptions,
): Promise<Artifact> => {
  if (form === 'file') return createFileArtifact(path);
  if (form === 'zipped-file') return createZippedFileArtifact(path, { tempDirectory });
  const limits = reference.rule.kind === 'code' ? { ...ARCHIVE_LIMITS, bytes: MAX_CODE_BYTES } : ARCHIVE_LIMITS;
  return createDirectoryArtifact(path, { tempDirectory, limits, followInside: workspace });
};

/** Resources that share a path in the same form share one artifact. */
const getArtifactKey = ({ form, path }: PlannedArtifact): string => `${form}:${path}`;

const needsRewrite = ({ template }: TemplateSource, replacements: readonly Replacement[]): boolean =>
  replacements.length > 0 || template.hasAliases;

/** Uploads the artifacts of a plan and replaces their paths in the templates, innermost template first. */
class Packager {
  readonly artifacts: PackagedArtifact[] = [];
  private readonly stored = new Map<string, StoredArtifact>();
  private readonly bodies = new Map<PackagingPlan, Promise<string>>();

  constructor(
    private readonly store: Store,
    private readonly options: PackagingOptions,
  ) {}

  async putArtifacts(plans: readonly PackagingPlan[]): Promise<void> {
    const all = plans.flatMap((plan) => plan.artifacts.map((planned) => ({ plan, planned })));
    const distinct = new Map(all.map((item) => [getArtifactKey(item.planned), item]));
    await mapConcurrent([...distinct], this.options.concurrency, async ([artifactKey, { plan, planned }]) => {
      try {
        this.stored.set(artifactKey, await this.put(await createArtifact(planned, this.options)));
      } catch (error) {
        throw addLocation(plan.templateSource, planned.reference, error);
      }
    });
  }

  getBody(plan: PackagingPlan): Promise<string> {
    const body = this.bodies.get(plan) ?? this.render(plan);
    this.bodies.set(plan, body);
    return body;
  }

  private async render(plan: PackagingPlan): Promise<string> {
    const artifacts = plan.artifacts.flatMap((planned) => {
      const stored = this.stored.get(getArtifactKey(planned));
      return stored === undefined ? [] : [{ reference: planned.reference, stored }];
    });
    const nested = plan.nested.map(async ({ reference, plan: inner }) => {
      const artifact = createTextArtifact(
        `template '${inner.templateSource.name}'`,
        await this.getBody(inner),
        '.template',
      );
      return { reference, stored: await this.put(artifact) };
    });
    const replacements = [...artifacts, ...(await Promise.all(nested))].map(
      ({ reference: { path, rule }, stored }) => ({
        path,
        value: formatRegionalValue(rule.write(stored)),
      }),
    );
    const { body } = plan.templateSource;
    return needsRewrite(plan.templateSource, replacements) ? replaceValues(body, replacements) : body;
  }

  private async put(artifact: Artifact): Promise<StoredArtifact> {
    const stored = await this.store.put(artifact);
    this.artifacts.push({ label: artifact.label, stored });
    return stored;
  }
}

/**
 * Uploads the local artifacts of a template, as `aws cloudformation package` does. Archives are deterministic, and
 * artifacts that the store already has are not uploaded again.
 * @throws DeliveryError with file and line of the reference that cannot be packaged
 */
export const packageTemplate = async (
  plan: PackagingPlan,
  store: Store,
  options: PackagingOptions,
): Promise<PackagedTemplate> => {
  const packager = new Packager(store, options);
  await packager.putArtifacts(listPlans(plan));
  return { body: await packager.getBody(plan), artifacts: packager.artifacts };
};

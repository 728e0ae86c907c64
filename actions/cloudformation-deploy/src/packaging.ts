import {
  type Artifact,
  fileArtifact,
  folderArtifact,
  textArtifact,
  zippedFileArtifact,
} from '@aws-delivery/artifact/artifact';
import { mapBounded } from '@aws-delivery/artifact/bounded';
import type { Store, Stored } from '@aws-delivery/artifact/store';
import { ARCHIVE_LIMITS } from '@aws-delivery/artifact/tree';
import { type PackagingPlan, type PlannedArtifact, placed, plansIn } from './packaging-plan.js';
import { replaceValues } from './packaging-text.js';

/** Bytes of a function with its layers, unpacked; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_CODE = 262_144_000;

export interface PackagingOptions {
  /** How many artifacts are read and sent at once. */
  readonly concurrency: number;
  /** Where archives are written until they are sent. */
  readonly temporary: string;
}

/** Something of the template that is in S3 now. */
export interface Packaged {
  /** `folder 'src/api'`. */
  readonly what: string;
  readonly stored: Stored;
}

export interface Packaging {
  /** The template's text with addresses in S3 where local paths were; each part is on the line where it was. */
  readonly text: string;
  readonly packaged: readonly Packaged[];
}

const artifactOf = ({ form, path, reference }: PlannedArtifact, temporary: string): Promise<Artifact> => {
  if (form === 'file') return fileArtifact(path);
  if (form === 'zipped-file') return zippedFileArtifact(path, { temporary });
  const limits = reference.rule.kind === 'code' ? { ...ARCHIVE_LIMITS, bytes: LARGEST_CODE } : ARCHIVE_LIMITS;
  return folderArtifact(path, { temporary, limits });
};

/** The same path in the same form is one artifact, however many resources share it. */
const identityOf = ({ form, path }: PlannedArtifact): string => `${form}:${path}`;

/** Puts a plan's artifacts into a store, and writes the addresses into the templates, innermost first. */
class Packager {
  readonly packaged: Packaged[] = [];
  private readonly stored = new Map<string, Stored>();
  private readonly texts = new Map<PackagingPlan, Promise<string>>();

  constructor(
    private readonly store: Store,
    private readonly options: PackagingOptions,
  ) {}

  async putArtifacts(plans: readonly PackagingPlan[]): Promise<void> {
    const all = plans.flatMap((plan) => plan.artifacts.map((planned) => ({ plan, planned })));
    const distinct = new Map(all.map((one) => [identityOf(one.planned), one]));
    await mapBounded([...distinct], this.options.concurrency, async ([identity, { plan, planned }]) => {
      try {
        this.stored.set(identity, await this.put(await artifactOf(planned, this.options.temporary)));
      } catch (error) {
        throw placed(plan, planned.reference, error);
      }
    });
  }

  textOf(plan: PackagingPlan): Promise<string> {
    const text = this.texts.get(plan) ?? this.render(plan);
    this.texts.set(plan, text);
    return text;
  }

  private async render(plan: PackagingPlan): Promise<string> {
    const artifacts = plan.artifacts.flatMap((planned) => {
      const stored = this.stored.get(identityOf(planned));
      return stored === undefined ? [] : [{ reference: planned.reference, stored }];
    });
    const nested = plan.nested.map(async ({ reference, plan: inner }) => {
      const artifact = textArtifact(`template '${inner.file}'`, await this.textOf(inner), '.template');
      return { reference, stored: await this.put(artifact) };
    });
    const replacements = [...artifacts, ...(await Promise.all(nested))].map(
      ({ reference: { path, rule }, stored }) => ({
        path,
        value: rule.write(stored),
      }),
    );
    return replacements.length === 0 ? plan.text : replaceValues(plan.text, replacements);
  }

  private async put(artifact: Artifact): Promise<Stored> {
    const stored = await this.store.put(artifact);
    this.packaged.push({ what: artifact.what, stored });
    return stored;
  }
}

/**
 * Brings everything local that a template refers to into a store, as `aws cloudformation package` does: archives with
 * the same bytes for the same content, only what is not there yet, several at once.
 * @throws DeliveryError with file and line of the reference that cannot be packaged
 */
export const packageTemplate = async (
  plan: PackagingPlan,
  store: Store,
  options: PackagingOptions,
): Promise<Packaging> => {
  const packager = new Packager(store, options);
  await packager.putArtifacts(plansIn(plan));
  return { text: await packager.textOf(plan), packaged: packager.packaged };
};

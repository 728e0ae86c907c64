import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { createArtifactStore } from '@aws-delivery/aws/s3/artifact-bucket';
import { ArtifactStore, type Store } from '@aws-delivery/aws/s3/artifact-store';
import type { S3 } from '@aws-delivery/aws/s3/s3';
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { StackInputOptions } from '../inputs/request.js';
import type { ParameterSet } from '../parameters/parse-parameters.js';
import { readParameters } from '../parameters/read-parameters.js';
import { type ParameterResolution, resolveParameters } from '../parameters/resolve-parameters.js';
import type { Stack } from '../stack/stack.js';
import { parseStackPolicy } from '../stack/stack-policy.js';
import { findCapabilityIssues } from './capabilities.js';
import { type PackagedTemplate, packageTemplate } from './packaging.js';
import { listPlans, type PackagingPlan, planPackaging } from './packaging-plan.js';
import { SourceReader } from './source-reader.js';
import type { InputLoader, InvalidStackInputs, StackInputs, ValidationIssue } from './stack-inputs.js';
import { loadTemplateSource, type TemplateSource, uploadTemplate } from './template-source.js';

/** What preparing has to do with. */
export interface InputLoaderServices {
  readonly workspace: string;
  /** Where archives are written until they are sent. */
  readonly tempDirectory: string;
  readonly getRegion: () => Promise<string>;
  readonly getAccount: () => Promise<string>;
  /** S3 in a Region; in that of the deployment for `undefined`. */
  readonly getS3: (region: string | undefined) => S3;
  /** The text of the template that a stack has, before its transforms. */
  readonly fetchPreviousTemplate: (stackId: string) => Promise<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hides a value from now on. */
  readonly mask: (secret: string) => void;
}

/** How many artifacts are read and sent at once. */
const PACKAGING_CONCURRENCY = 4;

/** Everything that was read, and not yet judged. */
interface LoadedInputs {
  readonly templateSource: TemplateSource;
  readonly parameterSet: ParameterSet;
  readonly packagingPlan: PackagingPlan | undefined;
}

const getTemplateFile = (templateSource: TemplateSource): string | undefined =>
  templateSource.kind === 'file' ? templateSource.file : undefined;

/** Tags from files, and the input's over them; undefined where nobody speaks of tags: then those of the stack stay. */
const mergeTags = (parameterSet: ParameterSet, options: StackInputOptions): Tag[] | undefined => {
  if (parameterSet.tags === undefined && options.tags === undefined) return undefined;
  const tags = new Map([...(parameterSet.tags ?? []), ...Object.entries(options.tags ?? {})]);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
};

const formatArtifactNote = ({ label, stored }: PackagedTemplate['artifacts'][number]): string =>
  stored.by === 'upload' ? `${label} is now in ${stored.uri}` : `${label} is in ${stored.uri} from an earlier run`;

class StackInputLoader implements InputLoader {
  private readonly sourceReader: SourceReader;

  constructor(private readonly services: InputLoaderServices) {
    this.sourceReader = new SourceReader(services);
  }

  async load(options: StackInputOptions, stack: Stack | undefined): Promise<StackInputs | InvalidStackInputs> {
    const loaded = await this.readInputs(options, stack);
    const resolvedParameters = this.resolve(loaded, options, stack);
    for (const secret of resolvedParameters.secrets) this.services.mask(secret);
    const issues = [
      ...(resolvedParameters.kind === 'rejected' ? resolvedParameters.issues : []),
      ...this.findCapabilityIssues(loaded, options),
    ];
    if (resolvedParameters.kind === 'rejected' || issues.length > 0) return { kind: 'invalid', issues };
    const { templateSource, parameterSet, packagingPlan } = loaded;
    const stackPolicy =
      parameterSet.stackPolicy === undefined
        ? undefined
        : parseStackPolicy(parameterSet.stackPolicy, 'the StackPolicy of parameter-files');
    const store = this.createLazyStore(options);
    const { body, artifacts } = await this.packageArtifacts(templateSource, packagingPlan, store);
    const alwaysUpload = options.bucket !== undefined || artifacts.length > 0;
    return {
      kind: 'ready',
      templateArgument: await uploadTemplate({ templateSource, body, alwaysUpload }, store),
      template: templateSource.template,
      templateFile: getTemplateFile(templateSource),
      parameters: resolvedParameters.parameters,
      tags: mergeTags(parameterSet, options),
      capabilities: options.capabilities,
      stackPolicy,
      notes: [...resolvedParameters.notes, ...artifacts.map(formatArtifactNote)],
    };
  }

  private async readInputs(options: StackInputOptions, stack: Stack | undefined): Promise<LoadedInputs> {
    const { sourceReader, services } = this;
    const region = await services.getRegion();
    const fetchPreviousTemplate = async (): Promise<string> => {
      if (stack !== undefined) return services.fetchPreviousTemplate(stack.id);
      throw new DeliveryError('invalid-input', "template 'previous' needs a stack that has one: give a template");
    };
    const templateSource = await loadTemplateSource(options.template, { sourceReader, fetchPreviousTemplate, region });
    const parameterSet = await readParameters(options, sourceReader);
    return {
      templateSource,
      parameterSet,
      packagingPlan: options.packageArtifacts ? await this.createPackagingPlan(templateSource) : undefined,
    };
  }

  private async createPackagingPlan(templateSource: TemplateSource): Promise<PackagingPlan | undefined> {
    if (templateSource.kind !== 'file' && templateSource.kind !== 'inline') return undefined;
    const path = templateSource.kind === 'file' ? templateSource.path : undefined;
    return planPackaging(
      { ...templateSource, file: getTemplateFile(templateSource) ?? "input 'template'", path },
      this.services.workspace,
    );
  }

  private resolve(
    { templateSource, parameterSet }: LoadedInputs,
    options: StackInputOptions,
    stack: Stack | undefined,
  ): ParameterResolution {
    return resolveParameters({
      template: templateSource.template,
      file: getTemplateFile(templateSource),
      assignments: parameterSet.assignments,
      previous: stack?.parameters,
      unmentioned: options.resetParameters ? 'reset' : 'keep',
    });
  }

  /** A list of allowed resource types excludes capabilities: then AWS does not ask for them. */
  private findCapabilityIssues(
    { templateSource, packagingPlan }: LoadedInputs,
    options: StackInputOptions,
  ): readonly ValidationIssue[] {
    if (options.hasResourceTypes) return [];
    const [, ...nested] = packagingPlan === undefined ? [] : listPlans(packagingPlan);
    return findCapabilityIssues({
      outer: { template: templateSource.template, file: getTemplateFile(templateSource) },
      nested,
      acknowledged: options.capabilities,
      changeMethod: options.mayRetry ? 'update-stack' : 'change-set',
    });
  }

  private async packageArtifacts(
    templateSource: TemplateSource,
    packagingPlan: PackagingPlan | undefined,
    store: Store,
  ): Promise<PackagedTemplate> {
    if (packagingPlan === undefined) return { body: templateSource.body, artifacts: [] };
    return packageTemplate(packagingPlan, store, {
      concurrency: PACKAGING_CONCURRENCY,
      tempDirectory: this.services.tempDirectory,
    });
  }

  /** The bucket that was named, or the account's own; nothing is asked of AWS before the first artifact. */
  private createLazyStore(options: StackInputOptions): Store {
    const openStore = async (): Promise<Store> => {
      const { services } = this;
      const [region, account] = await Promise.all([services.getRegion(), services.getAccount()]);
      const owner = (options.bucket && options.bucketOwner) ?? account;
      const prefix = (options.prefix ?? '').replaceAll(/^\/+|\/+$/gu, '');
      const destination = { region, owner, prefix, kmsKeyId: options.kmsKeyId };
      const s3Services = { s3: services.getS3(undefined), clock: services.clock, signal: services.signal };
      if (options.bucket !== undefined)
        return new ArtifactStore({ ...destination, bucket: options.bucket }, s3Services);
      const whenAbsent = options.mayCreateBucket ? 'create' : 'reject';
      return createArtifactStore({ ...destination, tags: options.tags ?? {}, whenAbsent }, s3Services);
    };
    let store: Promise<Store> | undefined;
    return {
      put: async (artifact) => {
        store ??= openStore();
        return (await store).put(artifact);
      },
    };
  }
}

/** Makes template, parameters and tags ready: read, judged as a whole, packaged, and sent where CloudFormation looks. */
export const createInputLoader = (services: InputLoaderServices): InputLoader => new StackInputLoader(services);

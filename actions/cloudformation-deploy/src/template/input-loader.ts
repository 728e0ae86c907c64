import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { createArtifactStore } from '@aws-delivery/aws/s3/artifact-bucket';
import { ArtifactStore, type Store } from '@aws-delivery/aws/s3/artifact-store';
import type { S3 } from '@aws-delivery/aws/s3/s3';
import type { Template } from '@aws-delivery/template/template';
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { StackInputOptions } from '../inputs/request.js';
import type { ParameterSet } from '../parameters/parse-parameters.js';
import { type ParameterOptions, readParameters } from '../parameters/read-parameters.js';
import { resolveParameters } from '../parameters/resolve-parameters.js';
import { type FindStackOutputs, resolveReferences } from '../parameters/stack-output-references.js';
import type { Stack } from '../stack/stack.js';
import { parseStackPolicy, type StackPolicy } from '../stack/stack-settings.js';
import { findCapabilityIssues } from './capabilities.js';
import { type PackagedTemplate, packageTemplate } from './packaging.js';
import { listPlans, type PackagingPlan, planPackaging } from './packaging-plan.js';
import { getRegionalBucket, RegionalStore } from './regional-store.js';
import { replaceValues } from './replace-values.js';
import { type SourceContent, SourceReader } from './source-reader.js';
import { loadTemplateSource, type TemplateArgument, type TemplateSource, uploadTemplate } from './template-source.js';
import { assertNothingToPackage } from './unread-template.js';

/** Template, parameters, tags and capabilities, validated and ready for CreateChangeSet. */
export interface StackInputs {
  readonly kind: 'ready';
  readonly templateArgument: TemplateArgument;
  readonly template: Template;
  /** The text of the template as it is deployed. */
  readonly body: string;
  /** Path relative to the workspace; undefined if the template is not a file. */
  readonly templateFile: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly tags: readonly Tag[] | undefined;
  readonly capabilities: readonly Capability[];
  /** From a template configuration among the parameter files. */
  readonly stackPolicy: StackPolicy | undefined;
  /** Lines for the log. */
  readonly notes: readonly string[];
  /** Warnings of this and of nested templates, with their positions. */
  readonly warnings: readonly ValidationIssue[];
}

/** An error in template, parameters or capabilities that AWS would reject, found before any call. */
export interface ValidationIssue {
  readonly message: string;
  readonly location: AnnotationProperties;
}

export interface InvalidStackInputs {
  readonly kind: 'invalid';
  readonly issues: readonly ValidationIssue[];
}

/** What is deployed already: a stack, or a stack set with its template. */
export interface PreviousDeployment extends Pick<Stack, 'id' | 'parameters'> {
  /** Undefined if the template has to be fetched. */
  readonly template?: string;
}

export interface InputLoaderServices {
  readonly workspace: string;
  /** Directory for archives until they are uploaded. */
  readonly tempDirectory: string;
  readonly getRegion: () => Promise<string>;
  readonly getAccount: () => Promise<string>;
  /** S3 client for a Region; `undefined` stands for the Region of the deployment. */
  readonly getS3: (region: string | undefined) => S3;
  /** Reads the body of a stack's template, before transforms. */
  readonly fetchPreviousTemplate: (stackId: string) => Promise<string>;
  readonly findStackOutputs: FindStackOutputs;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Masks a value in the log from now on. */
  readonly mask: (secret: string) => void;
}

/** Number of artifacts that are read and uploaded at once. */
const PACKAGING_CONCURRENCY = 4;

/** Tags of the files, overridden by those of the input; undefined without either: then the stack keeps its tags. */
const mergeTags = (parameterSet: ParameterSet, options: StackInputOptions): Tag[] | undefined => {
  if (parameterSet.tags === undefined && options.tags === undefined) return undefined;
  const tags = new Map([...(parameterSet.tags ?? []), ...Object.entries(options.tags ?? {})]);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
};

/** Capabilities that are required and not acknowledged. A list of allowed resource types replaces capabilities. */
const findMissingCapabilities = (
  templateSource: TemplateSource,
  packagingPlan: PackagingPlan | undefined,
  options: StackInputOptions,
): readonly ValidationIssue[] => {
  if (options.hasResourceTypes) return [];
  const [, ...nested] = packagingPlan === undefined ? [] : listPlans(packagingPlan);
  return findCapabilityIssues({
    outer: templateSource,
    nested: nested.map((plan) => plan.templateSource),
    acknowledged: options.capabilities,
    changeMethod: options.mayRetry ? 'update-stack' : 'change-set',
  });
};

const formatArtifactNote = ({ label, stored }: PackagedTemplate['artifacts'][number]): string =>
  stored.by === 'upload'
    ? `Uploaded ${label} to ${stored.uri}`
    : `Skipped upload of ${label}: unchanged in ${stored.uri}`;

/** Templates whose text is sent; CloudFormation reads templates in S3 itself. */
const isSent = ({ kind }: TemplateSource): boolean => kind === 'file' || kind === 'inline';

const resolveAliases = (templateSource: TemplateSource): string =>
  isSent(templateSource) && templateSource.template.hasAliases
    ? replaceValues(templateSource.body, [])
    : templateSource.body;

const formatAliasNotes = (sources: readonly TemplateSource[]): readonly string[] => {
  const names = sources.filter((source) => isSent(source) && source.template.hasAliases).map(({ name }) => name);
  const rule = 'which CloudFormation does not support';
  return names.length === 0 ? [] : [`Resolved YAML anchors, aliases and merge keys in ${names.join(', ')}, ${rule}`];
};

const listTemplateSources = (plan: PackagingPlan): readonly TemplateSource[] =>
  listPlans(plan).map(({ templateSource }) => templateSource);

const listWarnings = ({ template, name, file }: TemplateSource): readonly ValidationIssue[] =>
  template.warnings.map(({ message, position }) => ({
    message: position === undefined ? `${name}: ${message}` : `${name}:${position.line}: ${message}`,
    location: file === undefined || position === undefined ? {} : { file, startLine: position.line },
  }));

/** Reads, validates, packages and uploads what a change set is created from. */
export class InputLoader {
  private readonly sourceReader: SourceReader;

  /** @param stores opened stores by destination: parallel stacks share the default bucket */
  constructor(
    private readonly services: InputLoaderServices,
    private readonly stores: Map<string, Promise<Store>> = new Map(),
  ) {
    this.sourceReader = new SourceReader(services);
  }

  /** A loader that finds the outputs of other stacks in another way. */
  withStackOutputs(findStackOutputs: FindStackOutputs): InputLoader {
    return new InputLoader({ ...this.services, findStackOutputs }, this.stores);
  }

  /** Reads a text file or an S3 object that an input refers to. */
  readSource(reference: string): Promise<SourceContent> {
    return this.sourceReader.read(reference);
  }

  /** @throws DeliveryError naming file and line of what cannot be read or parsed */
  readParameters(options: ParameterOptions): Promise<ParameterSet> {
    return readParameters(options, this.sourceReader);
  }

  /** Reads the template of a stack without validating it. */
  async readTemplate(
    options: Pick<StackInputOptions, 'template'>,
    stack: PreviousDeployment | undefined,
  ): Promise<Template> {
    return (await this.loadTemplateSource(options, stack)).template;
  }

  /**
   * Nothing is uploaded unless all inputs are valid.
   * @param stack stack with the previous parameter values; undefined when the stack is to be created
   * @throws DeliveryError for a source that cannot be read or parsed, and for a failed upload
   */
  async load(
    options: StackInputOptions,
    stack: PreviousDeployment | undefined,
  ): Promise<StackInputs | InvalidStackInputs> {
    const templateSource = await this.loadTemplateSource(options, stack);
    const parameterSet = await this.readParameters(options);
    const canPackage = templateSource.kind === 'file' || templateSource.kind === 'inline';
    const shouldPackage = options.packageArtifacts && canPackage;
    if (shouldPackage) assertNothingToPackage(templateSource, this.sourceReader);
    const packagingPlan = shouldPackage ? await planPackaging(templateSource, this.sourceReader) : undefined;

    const { template, file } = templateSource;
    const resolvedParameters = resolveParameters({
      template,
      file,
      assignments: await resolveReferences(parameterSet.assignments, this.services.findStackOutputs),
      previous: stack?.parameters,
      unmentioned: options.resetParameters ? 'reset' : 'keep',
    });
    for (const secret of resolvedParameters.secrets) this.services.mask(secret);
    const capabilityIssues = findMissingCapabilities(templateSource, packagingPlan, options);
    if (resolvedParameters.kind === 'rejected')
      return { kind: 'invalid', issues: [...resolvedParameters.issues, ...capabilityIssues] };
    if (capabilityIssues.length > 0) return { kind: 'invalid', issues: capabilityIssues };
    const stackPolicy =
      parameterSet.stackPolicy === undefined
        ? undefined
        : parseStackPolicy(parameterSet.stackPolicy, 'StackPolicy in parameter-files');

    const sources = packagingPlan === undefined ? [templateSource] : listTemplateSources(packagingPlan);
    const store = this.createLazyStore(options);
    const { body, artifacts } = await this.packageTemplate(
      templateSource,
      packagingPlan,
      this.createArtifactStore(options),
    );
    const alwaysUpload = options.bucket !== undefined || artifacts.length > 0;
    return {
      kind: 'ready',
      templateArgument:
        options.templateUrl === undefined
          ? await uploadTemplate(templateSource, { body, alwaysUpload }, store)
          : { TemplateURL: options.templateUrl },
      template,
      body,
      templateFile: file,
      parameters: resolvedParameters.parameters,
      tags: mergeTags(parameterSet, options),
      capabilities: options.capabilities,
      stackPolicy,
      notes: [...resolvedParameters.notes, ...artifacts.map(formatArtifactNote), ...formatAliasNotes(sources)],
      warnings: sources.flatMap(listWarnings),
    };
  }

  private async loadTemplateSource(
    options: Pick<StackInputOptions, 'template'>,
    stack: PreviousDeployment | undefined,
  ): Promise<TemplateSource> {
    const { sourceReader, services } = this;
    return loadTemplateSource(options.template, {
      sourceReader,
      region: await services.getRegion(),
      fetchPreviousTemplate: async () => {
        if (stack !== undefined) return stack.template ?? services.fetchPreviousTemplate(stack.id);
        throw new DeliveryError('invalid-input', "template 'previous' requires an existing stack: set a path or a URL");
      },
    });
  }

  private async packageTemplate(
    templateSource: TemplateSource,
    packagingPlan: PackagingPlan | undefined,
    store: Store,
  ): Promise<PackagedTemplate> {
    if (packagingPlan === undefined) return { body: resolveAliases(templateSource), artifacts: [] };
    const { tempDirectory, workspace } = this.services;
    return packageTemplate(packagingPlan, store, { concurrency: PACKAGING_CONCURRENCY, tempDirectory, workspace });
  }

  /** The configured bucket, or the account's artifact bucket. No call is made before the first artifact. */
  private createLazyStore(options: StackInputOptions, region?: string): Store {
    const { bucket, bucketOwner, prefix, kmsKeyId, mayCreateBucket } = options;
    const key = JSON.stringify([bucket, bucketOwner, prefix, kmsKeyId, mayCreateBucket, region]);
    return {
      put: async (artifact) => {
        const store = this.stores.get(key) ?? this.openStore(options, region);
        this.stores.set(key, store);
        return (await store).put(artifact);
      },
    };
  }

  /** The store of artifacts, which may be in several Regions; the template is in that of the deployment. */
  private createArtifactStore(options: StackInputOptions): Store {
    const { bucket, bucketRegions } = options;
    if (bucket === undefined || bucketRegions === undefined) return this.createLazyStore(options);
    return new RegionalStore(
      bucket,
      bucketRegions.map((region) => this.createLazyStore(options, region)),
    );
  }

  private async openStore(options: StackInputOptions, otherRegion?: string): Promise<Store> {
    const { services } = this;
    const [ownRegion, account] = await Promise.all([services.getRegion(), services.getAccount()]);
    const region = otherRegion ?? ownRegion;
    const owner = (options.bucket && options.bucketOwner) ?? account;
    const prefix = (options.prefix ?? '').replaceAll(/^\/{1,64}|\/{1,64}$/gu, '');
    const destination = { region, owner, prefix, kmsKeyId: options.kmsKeyId };
    const s3Services = { s3: services.getS3(otherRegion), clock: services.clock, signal: services.signal };
    if (options.bucket !== undefined)
      return new ArtifactStore({ ...destination, bucket: getRegionalBucket(options.bucket, region) }, s3Services);
    const whenAbsent = options.mayCreateBucket ? 'create' : 'reject';
    return createArtifactStore({ ...destination, tags: options.tags ?? {}, whenAbsent }, s3Services);
  }
}

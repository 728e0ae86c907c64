import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { ownStore } from '@aws-delivery/artifact/bucket';
import type { S3 } from '@aws-delivery/artifact/s3';
import { ArtifactStore, type Store } from '@aws-delivery/artifact/store';
import type { Tag } from '@aws-sdk/client-cloudformation';
import { capabilityFaults } from './capabilities.js';
import type { Fault, FaultyMaterial, Material, MaterialSource } from './material.js';
import { type Packaging, packageTemplate } from './packaging.js';
import { type PackagingPlan, planPackaging, plansIn } from './packaging-plan.js';
import { type ParameterResolution, resolveParameters } from './parameters.js';
import type { ParameterSet } from './parameters-document.js';
import { readParameters } from './parameters-source.js';
import type { MaterialWish } from './request.js';
import type { Stack } from './stack.js';
import { stackPolicyOf } from './stack-policy.js';
import { deliverTemplate, loadTemplate, type TemplateSource } from './template-source.js';
import { TextSource } from './text-source.js';

/** What preparing has to do with. */
export interface PreparationServices {
  readonly workspace: string;
  /** Where archives are written until they are sent. */
  readonly temporary: string;
  readonly region: () => Promise<string>;
  readonly account: () => Promise<string>;
  /** S3 in a Region; in that of the deployment for `undefined`. */
  readonly s3: (region: string | undefined) => S3;
  /** The text of the template that a stack has, before its transforms. */
  readonly previousTemplate: (stackId: string) => Promise<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hides a value from now on. */
  readonly mask: (secret: string) => void;
}

/** How many artifacts are read and sent at once. */
const CONCURRENCY = 4;

/** Everything that was read, and not yet judged. */
interface Read {
  readonly source: TemplateSource;
  readonly set: ParameterSet;
  readonly plan: PackagingPlan | undefined;
}

const fileOf = (source: TemplateSource): string | undefined => (source.kind === 'file' ? source.file : undefined);

/** Tags from files, and the input's over them; undefined where nobody speaks of tags: then those of the stack stay. */
const tagsOf = (set: ParameterSet, wish: MaterialWish): Tag[] | undefined => {
  if (set.tags === undefined && wish.tags === undefined) return undefined;
  const tags = new Map([...(set.tags ?? []), ...Object.entries(wish.tags ?? {})]);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
};

const packagedNote = ({ what, stored }: Packaging['packaged'][number]): string =>
  stored.by === 'upload' ? `${what} is now in ${stored.uri}` : `${what} is in ${stored.uri} from an earlier run`;

class Preparation implements MaterialSource {
  private readonly texts: TextSource;

  constructor(private readonly services: PreparationServices) {
    this.texts = new TextSource(services);
  }

  async prepare(wish: MaterialWish, stack: Stack | undefined): Promise<Material | FaultyMaterial> {
    const read = await this.read(wish, stack);
    const resolution = this.resolve(read, wish, stack);
    for (const secret of resolution.secrets) this.services.mask(secret);
    const faults = [...(resolution.kind === 'refused' ? resolution.faults : []), ...this.capabilityFaults(read, wish)];
    if (resolution.kind === 'refused' || faults.length > 0) return { kind: 'faulty', faults };
    const { source, set, plan } = read;
    const stackPolicy =
      set.stackPolicy === undefined ? undefined : stackPolicyOf(set.stackPolicy, 'the StackPolicy of parameter-files');
    const store = this.store(wish);
    const { text, packaged } = await this.packaged(source, plan, store);
    const isStored = wish.bucket !== undefined || packaged.length > 0;
    return {
      kind: 'ready',
      source: await deliverTemplate({ source, text, isStored }, store),
      template: source.template,
      file: fileOf(source),
      parameters: resolution.parameters,
      tags: tagsOf(set, wish),
      capabilities: wish.capabilities,
      stackPolicy,
      notes: [...resolution.notes, ...packaged.map(packagedNote)],
    };
  }

  private async read(wish: MaterialWish, stack: Stack | undefined): Promise<Read> {
    const { texts, services } = this;
    const region = await services.region();
    const previousTemplate = async (): Promise<string> => {
      if (stack !== undefined) return services.previousTemplate(stack.id);
      throw new DeliveryError('invalid-input', "template 'previous' needs a stack that has one: give a template");
    };
    const source = await loadTemplate(wish.template, { texts, previousTemplate, region });
    const set = await readParameters(wish, texts);
    return { source, set, plan: wish.isPackaged ? await this.plan(source) : undefined };
  }

  private async plan(source: TemplateSource): Promise<PackagingPlan | undefined> {
    if (source.kind !== 'file' && source.kind !== 'inline') return undefined;
    const path = source.kind === 'file' ? source.path : undefined;
    return planPackaging({ ...source, file: fileOf(source) ?? "input 'template'", path }, this.services.workspace);
  }

  private resolve({ source, set }: Read, wish: MaterialWish, stack: Stack | undefined): ParameterResolution {
    return resolveParameters({
      template: source.template,
      file: fileOf(source),
      assignments: set.assignments,
      previous: stack?.parameters,
      unmentioned: wish.isReset ? 'reset' : 'keep',
    });
  }

  /** A list of allowed resource types excludes capabilities: then AWS does not ask for them. */
  private capabilityFaults({ source, plan }: Read, wish: MaterialWish): readonly Fault[] {
    if (wish.hasResourceTypes) return [];
    const [, ...nested] = plan === undefined ? [] : plansIn(plan);
    return capabilityFaults({
      outer: { template: source.template, file: fileOf(source) },
      nested,
      acknowledged: wish.capabilities,
      route: wish.isRetried ? 'direct' : 'change-set',
    });
  }

  private async packaged(source: TemplateSource, plan: PackagingPlan | undefined, store: Store): Promise<Packaging> {
    if (plan === undefined) return { text: source.text, packaged: [] };
    return packageTemplate(plan, store, { concurrency: CONCURRENCY, temporary: this.services.temporary });
  }

  /** The bucket that was named, or the account's own; nothing is asked of AWS before the first artifact. */
  private store(wish: MaterialWish): Store {
    const opened = async (): Promise<Store> => {
      const { services } = this;
      const [region, account] = await Promise.all([services.region(), services.account()]);
      const owner = (wish.bucket && wish.bucketOwner) ?? account;
      const prefix = (wish.prefix ?? '').replaceAll(/^\/+|\/+$/gu, '');
      const destination = { region, owner, prefix, kmsKeyId: wish.kmsKeyId };
      const s3Services = { s3: services.s3(undefined), clock: services.clock, signal: services.signal };
      if (wish.bucket !== undefined) return new ArtifactStore({ ...destination, bucket: wish.bucket }, s3Services);
      const whenAbsent = wish.mayMakeBucket ? 'create' : 'refuse';
      return ownStore({ ...destination, tags: wish.tags ?? {}, whenAbsent }, s3Services);
    };
    let store: Promise<Store> | undefined;
    return {
      put: async (artifact) => {
        store ??= opened();
        return (await store).put(artifact);
      },
    };
  }
}

/** Makes template, parameters and tags ready: read, judged as a whole, packaged, and sent where CloudFormation looks. */
export const createPreparation = (services: PreparationServices): MaterialSource => new Preparation(services);

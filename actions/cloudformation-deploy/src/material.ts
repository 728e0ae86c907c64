import { dirname } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Place } from '@aws-delivery/action-kit/log';
import type { Store } from '@aws-delivery/artifact/store';
import type { Template } from '@aws-delivery/template/template';
import { type Capability, GetTemplateCommand, type Parameter, type Tag } from '@aws-sdk/client-cloudformation';
import { capabilityFaults } from './capabilities.js';
import type { CloudFormation } from './cloudformation.js';
import { packageTemplate } from './packaging.js';
import { type PackagingPlan, planPackaging, plansIn } from './packaging-plan.js';
import { resolveParameters } from './parameters.js';
import { readParameters } from './parameters-source.js';
import type { MaterialWish } from './request.js';
import type { Stack } from './stack.js';
import { deliverTemplate, loadTemplate, type TemplateArgument, type TemplateSource } from './template-source.js';
import type { TextSource } from './text-source.js';

/** What a change set is made of. */
export interface Material {
  readonly kind: 'ready';
  readonly source: TemplateArgument;
  readonly template: Template;
  /** The template as it is seen from the workspace, where it is a file. */
  readonly file: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly tags: readonly Tag[] | undefined;
  readonly capabilities: readonly Capability[];
  /** JSON, where a file with parameters has one. */
  readonly stackPolicy: string | undefined;
  /** Lines for the log. */
  readonly notes: readonly string[];
}

/** Something in template, parameters or capabilities that AWS would refuse, found before any call. */
export interface Fault {
  readonly message: string;
  readonly place: Place;
}

export interface FaultyMaterial {
  readonly kind: 'faulty';
  readonly faults: readonly Fault[];
}

export interface MaterialQuestion {
  readonly wish: MaterialWish;
  /** The stack that previous values are taken from; undefined when it is to be created. */
  readonly stack: Stack | undefined;
  /** Where no bucket is named and the account's own is absent. */
  readonly whenBucketIsAbsent: 'create' | 'refuse';
}

/** Makes template, parameters and tags ready, for a stack as it stands. */
export interface MaterialSource {
  prepare(question: MaterialQuestion): Promise<Material | FaultyMaterial>;
}

export interface MaterialServices {
  readonly cloudFormation: CloudFormation;
  readonly texts: TextSource;
  readonly region: () => Promise<string>;
  readonly storeFor: (question: MaterialQuestion) => Promise<Store>;
  /** Folder that relative paths start from. */
  readonly workspace: string;
  /** Folder for archives until they are sent. */
  readonly temporary: string;
  readonly mask: (secret: string) => void;
}

/** How many artifacts are read and sent at once. */
const CONCURRENCY = 8;

const previousTemplate = async (cloudFormation: CloudFormation, stack: Stack | undefined): Promise<string> => {
  if (stack === undefined) {
    throw new DeliveryError(
      'invalid-input',
      'template is previous, but there is no stack yet: give the template itself',
    );
  }
  const request = new GetTemplateCommand({ StackName: stack.id, TemplateStage: 'Original' });
  return (await cloudFormation.send(request)).TemplateBody ?? '';
};

const planOf = async (
  source: TemplateSource,
  wish: MaterialWish,
  workspace: string,
): Promise<PackagingPlan | undefined> => {
  if (source.kind !== 'file' || !wish.isPackaged) return undefined;
  const { text, template, file, path } = source;
  return planPackaging({ text, template, file, folder: dirname(path) }, { workspace, path });
};

const fileOf = (source: TemplateSource): string | undefined => (source.kind === 'file' ? source.file : undefined);

const capabilityFaultsOf = (
  source: TemplateSource,
  plan: PackagingPlan | undefined,
  wish: MaterialWish,
): readonly Fault[] => {
  if (wish.hasResourceTypes) return [];
  const nested = plan === undefined ? [] : plansIn(plan).filter((one) => one !== plan);
  const outer = { template: source.template, file: fileOf(source) };
  return capabilityFaults({ outer, nested, acknowledged: wish.capabilities, route: 'change-set' });
};

const tagsOf = (wish: MaterialWish, fromFiles: ReadonlyMap<string, string> | undefined): Tag[] | undefined => {
  if (wish.tags === undefined && fromFiles === undefined) return undefined;
  const tags = new Map([...(fromFiles ?? []), ...Object.entries(wish.tags ?? {})]);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
};

class DeliveryMaterial implements MaterialSource {
  constructor(private readonly services: MaterialServices) {}

  async prepare(question: MaterialQuestion): Promise<Material | FaultyMaterial> {
    const { wish, stack } = question;
    const { cloudFormation, texts, workspace, mask } = this.services;
    const region = await this.services.region();
    const given = await readParameters(wish, texts);
    const services = { texts, region, previousTemplate: () => previousTemplate(cloudFormation, stack) };
    const source = await loadTemplate(wish.template, services);
    const plan = await planOf(source, wish, workspace);
    const resolution = resolveParameters({
      template: source.template,
      file: fileOf(source),
      assignments: given.assignments,
      previous: stack?.parameters,
      unmentioned: wish.isReset ? 'reset' : 'keep',
    });
    for (const secret of resolution.secrets) mask(secret);
    const faults = [
      ...(resolution.kind === 'refused' ? resolution.faults : []),
      ...capabilityFaultsOf(source, plan, wish),
    ];
    if (resolution.kind === 'refused' || faults.length > 0) return { kind: 'faulty', faults };
    const { argument, uploads } = await this.deliver(question, source, plan);
    return {
      kind: 'ready',
      source: argument,
      template: source.template,
      file: fileOf(source),
      parameters: resolution.parameters,
      tags: tagsOf(wish, given.tags),
      capabilities: wish.capabilities,
      stackPolicy: given.stackPolicy,
      notes: [...resolution.notes, ...uploads],
    };
  }

  private async deliver(
    question: MaterialQuestion,
    source: TemplateSource,
    plan: PackagingPlan | undefined,
  ): Promise<{ readonly argument: TemplateArgument; readonly uploads: readonly string[] }> {
    const store = await this.services.storeFor(question);
    const { temporary } = this.services;
    const packaging =
      plan === undefined
        ? { text: source.text, packaged: [] }
        : await packageTemplate(plan, store, { concurrency: CONCURRENCY, temporary });
    const isStored = question.wish.bucket !== undefined;
    const argument = await deliverTemplate({ source, text: packaging.text, isStored }, store);
    const uploads = packaging.packaged.map(({ what, stored }) =>
      stored.by === 'upload' ? `${what} is now ${stored.uri}` : `${what} is ${stored.uri} already`,
    );
    return { argument, uploads };
  }
}

export const createMaterialSource = (services: MaterialServices): MaterialSource => new DeliveryMaterial(services);

import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Template } from '@aws-delivery/template/template';
import type { Inputs } from '../../action.js';
import { FilePublisher } from '../assets/file-publisher.js';
import type { ImagePublisher } from '../assets/image-publisher.js';
import { RunRecord } from '../run-record.js';
import type { Services } from '../services.js';
import { findStack, type Stack } from '../stack/stack.js';
import { publishStacksComment, runStackTasks, type StackStart, type StackTask } from '../stacks/stack-runner.js';
import type { StacksResult } from '../stacks/stacks-result.js';
import { BootstrapVersions } from './bootstrap.js';
import { isEqualStack } from './equal-stack.js';
import { withAssemblyDirectory } from './open-assembly.js';
import { type PlannedAssemblyStack, planAssembly } from './plan-assembly.js';
import { type Assembly, readAssembly } from './read-assembly.js';
import { RoleConnections } from './role-connection.js';
import { formatRoleWarnings } from './role-warnings.js';
import { selectStacks } from './select-stacks.js';

/** Starts the stacks of an assembly: connects, checks the bootstrap stack, compares, and publishes assets. */
class AssemblyStarter {
  private readonly connections: RoleConnections;
  private readonly bootstrapVersions = new BootstrapVersions();
  private readonly filePublisher: FilePublisher;
  private imagePublisher: Promise<ImagePublisher> | undefined;

  constructor(
    private readonly assembly: Assembly,
    private readonly inputs: Inputs,
    private readonly services: Services,
  ) {
    this.connections = new RoleConnections(services, inputs['role-fallback']);
    this.filePublisher = new FilePublisher(assembly.root, this.connections, services.host);
  }

  async start(planned: PlannedAssemblyStack, host: Host): Promise<StackStart> {
    const { stack, environment, request } = planned;
    const connected = await this.connections.connect(stack.properties, environment);
    const services = { ...connected, host };
    const version = await this.bootstrapVersions.check(stack.properties, environment, connected);
    if (!('stackInputs' in request)) return { kind: 'run', request, services };
    for (const warning of formatRoleWarnings(stack, this.inputs, version)) host.log.warning(warning);
    const deployed = await findStack(connected.cloudFormation, stack.stackName);
    const { template } = planned;
    if (template === undefined) return this.startEmptyStack(planned, deployed, services);
    if (deployed !== undefined && (await this.isUnchanged({ ...planned, template }, deployed, services))) {
      return createUnchanged(deployed, this.inputs['fail-on-empty']);
    }
    await this.publishAssets(planned, services);
    return { kind: 'run', request, services };
  }

  /** CloudFormation has no stacks without resources. */
  private startEmptyStack(
    { request, stack }: PlannedAssemblyStack,
    deployed: Stack | undefined,
    services: Services,
  ): StackStart {
    services.host.log.info('The template has no resources');
    if (deployed === undefined) return createUnchanged(undefined, this.inputs['fail-on-empty']);
    if (!this.inputs['delete-empty-stacks']) {
      const rule = `the template of stack ${stack.stackName} has no resources, but the stack exists`;
      const outcome = { kind: 'rejected', reason: `${rule}: set delete-empty-stacks: true to delete it` } as const;
      return { kind: 'ended', outcome, record: createRecord(deployed) };
    }
    if (request.mode !== 'deploy') {
      return { kind: 'pending', reasons: ['the template has no resources: a deployment deletes the stack'] };
    }
    const deletion = { ...request, mode: 'delete', retainResources: [], forceDelete: false } as const;
    return { kind: 'run', request: deletion, services };
  }

  private async isUnchanged(
    { stack, body, template, parameters, request }: PlannedAssemblyStack & { readonly template: Template },
    deployed: Stack,
    { cloudFormation }: Services,
  ): Promise<boolean> {
    if (!('stackInputs' in request)) return false;
    const values = [...parameters].flatMap(([name, assignment]) =>
      assignment.kind === 'value' ? [[name, assignment.value] as const] : [],
    );
    const desired = {
      body,
      template,
      parameters: Object.fromEntries(values),
      tags: request.stackInputs.tags ?? {},
      notificationArns: request.changeSet.notificationArns,
      terminationProtection: stack.properties.terminationProtection ?? false,
    };
    return isEqualStack(deployed, desired, cloudFormation);
  }

  /** Removes temporary files and images. */
  async close(): Promise<void> {
    await (await this.imagePublisher)?.close();
  }

  /** Registries are accessed only for assemblies with images. */
  private getImagePublisher(): Promise<ImagePublisher> {
    const { assembly, connections, services } = this;
    this.imagePublisher ??= import('../assets/image-publisher.js').then(
      (module) => new module.ImagePublisher(assembly.root, connections, services),
    );
    return this.imagePublisher;
  }

  /** A preview needs the templates of nested stacks, but no images. */
  private async publishAssets(
    { stack, environment, request }: PlannedAssemblyStack,
    services: Services,
  ): Promise<void> {
    const publications = stack.assets.map(async (assetSet) => {
      await this.bootstrapVersions.check(assetSet.properties, environment, services);
      // All uploads end before an error is thrown: the directory of an archive is deleted after the run.
      const images = request.mode === 'deploy' ? assetSet.images : [];
      const results = await Promise.allSettled([
        ...images.map(async (asset) => (await this.getImagePublisher()).publish(asset, assetSet, environment)),
        ...assetSet.files.map((asset) => this.filePublisher.publish(asset, assetSet, environment)),
      ]);
      const failure = results.find((result) => result.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
    });
    await Promise.all(publications);
  }
}

const createRecord = (stack: Stack | undefined): RunRecord => {
  const record = new RunRecord();
  record.stack = stack;
  return record;
};

const createUnchanged = (stack: Stack | undefined, isFailure: boolean): StackStart => ({
  kind: 'ended',
  outcome: { kind: 'unchanged', isFailure },
  record: createRecord(stack),
});

const CONTRADICTIONS = ['name', 'stacks', 'template', 'execute-change-set-id'] as const;

const rejectContradictions = (inputs: Inputs): void => {
  const other = CONTRADICTIONS.find((name) => inputs[name] !== undefined);
  if (other !== undefined) {
    throw new DeliveryError('invalid-input', `inputs '${other}' and 'assembly' cannot be combined: remove one`);
  }
  if (!inputs.wait) throw new DeliveryError('invalid-input', 'wait: false is not available with assembly: remove it');
};

const createTasks = (planned: readonly PlannedAssemblyStack[], starter: AssemblyStarter): readonly StackTask[] => {
  const namesByKey = new Map(planned.map(({ stack }) => [stack.key, stack.displayName]));
  return planned.map((item) => ({
    name: item.stack.displayName,
    needs: item.stack.needs.flatMap((key) => namesByKey.get(key) ?? []),
    request: item.request,
    references: [],
    prepare: (host) => starter.start(item, host),
  }));
};

/** The account is read once. */
const cacheAccount = (services: Services): Services => {
  let account: Promise<string> | undefined;
  return {
    ...services,
    getAccount: () => {
      account ??= services.getAccount();
      return account;
    },
  };
};

/** Brings the stacks of a cloud assembly to the state that the inputs request. */
export const runAssembly = async (
  inputs: Inputs & { readonly assembly: string },
  stepServices: Services,
): Promise<StacksResult> => {
  rejectContradictions(inputs);
  const services = cacheAccount(stepServices);
  const { host } = services;
  const result = await withAssemblyDirectory(inputs.assembly, services, async (directory) => {
    const assembly = await readAssembly(directory);
    for (const notice of assembly.notices) host.log.notice(notice);
    const { 'assembly-stacks': patterns, exclusively } = inputs;
    const planned = await planAssembly(selectStacks(assembly, { patterns, exclusively }), inputs, services);
    const starter = new AssemblyStarter(assembly, inputs, services);
    try {
      return await runStackTasks(createTasks(planned, starter), host, {
        mode: planned[0]?.request.mode ?? 'deploy',
        concurrency: inputs.concurrency,
        timeoutMs: inputs.timeout * 1000,
      });
    } finally {
      await starter.close();
    }
  });
  if (inputs.comment !== 'none') await publishStacksComment(inputs, result, services);
  return result;
};

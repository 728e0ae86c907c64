import { createHash } from 'node:crypto';
import type { ApiCall, Document } from '../../../api-call.js';
import type { Random } from '../../../random.js';
import type { ProvisionedResource } from '../../../service.js';
import { serviceError } from '../../../service-error.js';
import { stackNotFound } from '../responses.js';
import { Stack, type StackSnapshot } from './stack.js';
import { buildArn, type StackRef } from './stack-ref.js';

/** Account and Region, in which stack names are unique, and the time of the call. */
export type StackScope = Pick<StackRef, 'partition' | 'account' | 'region'> & { readonly at: number };

/** A stack and its state at the time of a call. */
export interface StackView {
  readonly stack: Stack;
  readonly snapshot: StackSnapshot;
}

interface StoredResponse {
  readonly fingerprint: string;
  readonly response: Document;
}

/** All stacks of all accounts and Regions, including deleted ones. */
export class StackStore {
  private readonly stacks: Stack[] = [];
  private readonly responses = new Map<string, StoredResponse>();

  constructor(
    private readonly partition: string,
    private readonly random: Random,
  ) {}

  getScope({ account, region, at }: ApiCall): StackScope {
    return { partition: this.partition, account, region, at };
  }

  register(stack: Stack): Stack {
    this.stacks.push(stack);
    return stack;
  }

  /** Creates a stack that is not registered, for validating a template before the stack exists. */
  createDetached({ partition, account, region, at }: StackScope, name: string, parent?: Stack): Stack {
    const id = buildArn({ partition, account, region }, `stack/${name}/${this.random.uuid()}`);
    return new Stack({ partition, account, region, id, name, createdAt: at, parent });
  }

  /** All stacks that exist at that moment, including deleted ones, newest first. */
  listAll({ account, region, at }: StackScope): readonly StackView[] {
    return this.stacks
      .filter(({ identity }) => identity.account === account && identity.region === region)
      .flatMap((stack) => {
        const snapshot = stack.getSnapshot(at);
        return snapshot === undefined ? [] : [{ stack, snapshot }];
      })
      .reverse();
  }

  listLive(scope: StackScope): readonly StackView[] {
    return this.listAll(scope).filter(({ snapshot }) => snapshot.status !== 'DELETE_COMPLETE');
  }

  /** The live stack with a name, or the stack with an ARN in any state. */
  find(call: ApiCall, nameOrArn: string): StackView | undefined {
    return this.listAll(this.getScope(call)).find(({ stack: { identity }, snapshot }) =>
      nameOrArn.startsWith('arn:')
        ? identity.id === nameOrArn
        : identity.name === nameOrArn && snapshot.status !== 'DELETE_COMPLETE',
    );
  }

  /** The stack that a call names. @throws ServiceError with the operation's message */
  getStack(call: ApiCall, createError = stackNotFound): StackView {
    const name = String(call.input['StackName']);
    const found = this.find(call, name);
    if (found === undefined) throw createError(name);
    return found;
  }

  /** The stack that a call names, if it is not deleted. @throws ServiceError */
  getLiveStack(call: ApiCall): StackView {
    const found = this.getStack(call);
    if (found.snapshot.status === 'DELETE_COMPLETE') throw stackNotFound(String(call.input['StackName']));
    return found;
  }

  /** Direct nested stacks of a stack, including deleted and planned ones. */
  listChildren(parent: Stack): readonly Stack[] {
    const children = this.stacks.filter(({ identity }) => identity.parent === parent);
    return children.filter((stack) => stack.getSnapshot(Number.POSITIVE_INFINITY) !== undefined);
  }

  /** Resources of a type in all stacks, including those that a deletion retained. */
  listResourcesOfType(type: string, at: number): readonly ProvisionedResource[] {
    return this.stacks.flatMap((stack) =>
      stack.listResources(at).flatMap(({ at: since, value: snapshot }) => {
        if (snapshot.type !== type || snapshot.version === undefined || snapshot.status === 'DELETE_COMPLETE')
          return [];
        const { physicalId, properties } = snapshot.version;
        const { account, region } = stack.identity;
        return [{ physicalId, properties, account, region, since }];
      }),
    );
  }

  listExports(scope: StackScope): readonly { readonly stack: Stack; readonly name: string; readonly value: string }[] {
    return this.listLive(scope).flatMap(({ stack, snapshot }) =>
      snapshot.deployed.outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ stack, name: exportName, value }],
      ),
    );
  }

  /**
   * Returns the stored response for a repeated call with the same client token (docs/aws-facts.md §1.3). @throws
   * ServiceError for the same token with other arguments
   */
  async runOnce(call: ApiCall, execute: () => Promise<Document> | Document): Promise<Document> {
    const { StackName: name, ClientRequestToken, ClientToken: token = ClientRequestToken } = call.input;
    if (typeof token !== 'string') return execute();
    const { account, region } = this.getScope(call);
    const key = [account, region, call.operation, String(name ?? ''), token].join('\0');
    const fingerprint = createHash('sha256').update(JSON.stringify(call.input)).digest('hex');
    const stored = this.responses.get(key);
    if (stored !== undefined) {
      if (stored.fingerprint === fingerprint) return stored.response;
      throw serviceError('TokenAlreadyExistsException', `Token ${token} already exists with other arguments`);
    }
    const response = await execute();
    this.responses.set(key, { fingerprint, response });
    return response;
  }
}

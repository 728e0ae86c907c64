import { createHash } from 'node:crypto';
import type { Call, Reply } from '../../call.js';
import { accountOf } from '../../principal.js';
import type { Random } from '../../random.js';
import type { Provisioned } from '../../service.js';
import { arnOf, type Place } from './place.js';
import { noStack, refusal } from './refusal.js';
import { Stack, type StackFact } from './stack.js';

/** Account and Region, within which names are unique, at a moment. */
export type Home = Pick<Place, 'partition' | 'account' | 'region'> & { readonly at: number };

/** A stack as it is at the moment of a call. */
export interface Found {
  readonly stack: Stack;
  readonly fact: StackFact;
}

interface Replay {
  readonly fingerprint: string;
  readonly reply: Reply;
}

/** All stacks there are and were, in every account and Region. */
export class Store {
  readonly #stacks: Stack[] = [];
  readonly #replays = new Map<string, Replay>();

  constructor(
    private readonly partition: string,
    private readonly account: string,
    private readonly random: Random,
  ) {}

  home({ principal, region, at }: Call): Home {
    return { partition: this.partition, account: accountOf(principal, this.account), region, at };
  }

  register(stack: Stack): Stack {
    this.#stacks.push(stack);
    return stack;
  }

  /** A stack that nobody can find: for looking at a template before there is a stack. */
  detached({ partition, account, region, at }: Home, name: string, parent?: Stack): Stack {
    const id = arnOf({ partition, account, region }, `stack/${name}/${this.random.uuid()}`);
    return new Stack({ partition, account, region, id, name, createdAt: at, parent });
  }

  /** Every stack that has come to be by then, newest first. */
  all({ account, region, at }: Home): readonly Found[] {
    return this.#stacks
      .filter(({ identity }) => identity.account === account && identity.region === region)
      .flatMap((stack) => {
        const fact = stack.at(at);
        return fact === undefined ? [] : [{ stack, fact }];
      })
      .reverse();
  }

  live(home: Home): readonly Found[] {
    return this.all(home).filter(({ fact }) => fact.status !== 'DELETE_COMPLETE');
  }

  /** The stack of that name that is not deleted, or the one with that ARN in whatever state; newest first. */
  find(call: Call, nameOrArn: string): Found | undefined {
    return this.all(this.home(call)).find(({ stack: { identity }, fact }) =>
      nameOrArn.startsWith('arn:')
        ? identity.id === nameOrArn
        : identity.name === nameOrArn && fact.status !== 'DELETE_COMPLETE',
    );
  }

  /** The stack a call names. @throws Refusal in the words the operation uses */
  named(call: Call, refuse = noStack): Found {
    const name = String(call.input['StackName']);
    const found = this.find(call, name);
    if (found === undefined) throw refuse(name);
    return found;
  }

  /** The stack a call names, which something can still be done to. @throws Refusal */
  living(call: Call): Found {
    const found = this.named(call);
    if (found.fact.status === 'DELETE_COMPLETE') throw noStack(String(call.input['StackName']));
    return found;
  }

  /** The stacks under a stack that are, were or are planned to be. */
  children(parent: Stack): readonly Stack[] {
    const under = this.#stacks.filter(({ identity }) => identity.parent === parent);
    return under.filter((stack) => stack.at(Number.POSITIVE_INFINITY) !== undefined);
  }

  /** What stacks of every account and Region have of a type; what a deletion left alone stays. */
  resources(type: string, at: number): readonly Provisioned[] {
    return this.#stacks.flatMap((stack) =>
      stack.resourcesAt(at).flatMap(({ at: since, fact }) => {
        if (fact.type !== type || fact.version === undefined || fact.status === 'DELETE_COMPLETE') return [];
        const { physicalId, properties } = fact.version;
        const { account, region } = stack.identity;
        return [{ physicalId, properties, account, region, since }];
      }),
    );
  }

  exports(home: Home): readonly { readonly stack: Stack; readonly name: string; readonly value: string }[] {
    return this.live(home).flatMap(({ stack, fact }) =>
      fact.deployed.outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ stack, name: exportName, value }],
      ),
    );
  }

  /**
   * Answers a repeated call with a token as it was answered before, without doing it again (aws-facts §1.3).
   * The same token with other arguments is refused.
   */
  async once(call: Call, act: () => Promise<Reply> | Reply): Promise<Reply> {
    const { StackName: name, ClientRequestToken, ClientToken: token = ClientRequestToken } = call.input;
    if (typeof token !== 'string') return act();
    const { account, region } = this.home(call);
    const key = [account, region, call.operation, String(name ?? ''), token].join('\0');
    const fingerprint = createHash('sha256').update(JSON.stringify(call.input)).digest('hex');
    const known = this.#replays.get(key);
    if (known !== undefined) {
      if (known.fingerprint === fingerprint) return known.reply;
      throw refusal('TokenAlreadyExistsException', `Token ${token} already exists with other arguments`);
    }
    const reply = await act();
    this.#replays.set(key, { fingerprint, reply });
    return reply;
  }
}

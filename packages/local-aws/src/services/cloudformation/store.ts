import { createHash } from 'node:crypto';
import type { Call, Document, Reply } from '../../call.js';
import { accountOf } from '../../principal.js';
import type { Random } from '../../random.js';
import { arnOf, type Place } from './place.js';
import { refusal } from './refusal.js';
import { Stack } from './stack.js';

/** Account and Region: names are unique within. */
export type Home = Pick<Place, 'partition' | 'account' | 'region'>;

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

  home(call: Call): Home {
    return { partition: this.partition, account: accountOf(call.principal, this.account), region: call.region };
  }

  open(home: Home, name: string, at: number, parent?: Stack): Stack {
    return this.register(this.detached(home, name, at, parent));
  }

  register(stack: Stack): Stack {
    this.#stacks.push(stack);
    return stack;
  }

  /** A stack that nobody can find: for looking at a template before there is a stack. */
  detached(home: Home, name: string, at: number, parent?: Stack): Stack {
    const { account, region } = home;
    const id = arnOf(home, `stack/${name}/${this.random.uuid()}`);
    return new Stack({ id, name, account, region, createdAt: at, parent });
  }

  /** The stack of that name that is not deleted, or the one with that ARN in whatever state; newest first. */
  find(home: Home, nameOrArn: string, at: number): Stack | undefined {
    return this.all(home, at).find(({ identity, at: factAt }) => {
      if (nameOrArn.startsWith('arn:')) return identity.id === nameOrArn;
      return identity.name === nameOrArn && factAt.status !== 'DELETE_COMPLETE';
    })?.stack;
  }

  /** Every stack that has come to be by then, newest first. */
  all({ account, region }: Home, at: number) {
    return this.#stacks
      .filter(({ identity }) => identity.account === account && identity.region === region)
      .flatMap((stack) => {
        const fact = stack.at(at);
        return fact === undefined ? [] : [{ stack, identity: stack.identity, at: fact }];
      })
      .reverse();
  }

  live(home: Home, at: number): readonly Stack[] {
    return this.all(home, at)
      .filter(({ at: fact }) => fact.status !== 'DELETE_COMPLETE')
      .map(({ stack }) => stack);
  }

  /** The stacks under a stack that are, were or are planned to be. */
  children(parent: Stack): readonly Stack[] {
    const under = this.#stacks.filter(({ identity }) => identity.parent === parent);
    return under.filter((stack) => stack.at(Number.POSITIVE_INFINITY) !== undefined);
  }

  exports(home: Home, at: number): readonly { readonly stack: Stack; readonly name: string; readonly value: string }[] {
    return this.live(home, at).flatMap((stack) =>
      (stack.at(at)?.deployed.outputs ?? []).flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ stack, name: exportName, value }],
      ),
    );
  }

  /**
   * Answers a repeated call with a token as it was answered before, without doing it again (aws-facts §1.3).
   * The same token with other arguments is refused.
   */
  async once(call: Call, token: string | undefined, act: () => Promise<Reply> | Reply): Promise<Reply> {
    if (token === undefined) return act();
    const { account, region } = this.home(call);
    const key = [account, region, call.operation, String(call.input['StackName'] ?? ''), token].join('\0');
    const print = fingerprint(call.input);
    const known = this.#replays.get(key);
    if (known !== undefined) {
      if (known.fingerprint === print) return known.reply;
      throw refusal('TokenAlreadyExistsException', `Token ${token} already exists with other arguments`);
    }
    const reply = await act();
    this.#replays.set(key, { fingerprint: print, reply });
    return reply;
  }
}

const fingerprint = (input: Document): string => createHash('sha256').update(JSON.stringify(input)).digest('hex');

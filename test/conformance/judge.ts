import { setTimeout as sleep } from 'node:timers/promises';
import { createClock } from '@aws-delivery/local-aws/clock';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { ACCOUNT, Account, type Keys, REGION } from './account.js';
import { type MiniStackOptions, startMiniStack } from './ministack.js';
import { EVERYTHING, enrol, ROLES, USER_NAME } from './people.js';
import { findPython } from './python.js';
import { scenario } from './trouble.js';

const JUDGES = ['local AWS', 'MiniStack'] as const;
export type JudgeName = (typeof JUDGES)[number];

/** Somebody's idea of AWS, before whom a scenario is played with AWS's own clients. */
export interface Judge {
  readonly name: JudgeName;
  readonly url: string;
  /** Clients of the account's root. */
  readonly account: Account;
  /** Keys of a user who may do everything, and take roles as well. */
  readonly user: () => Promise<Keys>;
  /** Lets some time pass, in which what is under way goes on: never more than a second of the judge's own. */
  readonly moment: () => Promise<void>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Keys of the user before local AWS; MiniStack makes its own. */
const USER: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of-the-user' };

const iamScenario: NonNullable<ScenarioInput['iam']> = {
  users: { [USER_NAME]: { accessKeys: { [USER.accessKeyId]: USER.secretAccessKey }, policies: { all: EVERYTHING } } },
  roles: Object.fromEntries(
    Object.entries(ROLES).map(([name, { trust, allowed }]) => [name, { trust, policies: { allowed } }]),
  ),
};

const localAws = async (): Promise<Judge> => {
  const aws = await startLocalAws({
    scenario: { ...scenario, account: ACCOUNT, region: REGION, iam: iamScenario },
    clock: createClock({ scale: 0 }),
  });
  const account = new Account(aws.url);
  return {
    name: 'local AWS',
    url: aws.url,
    account,
    user: async () => USER,
    moment: async () => aws.clock.advance(250),
    reset: async () => aws.reset(),
    close: async () => {
      account.destroy();
      await aws.close();
    },
  };
};

const miniStack = async (options: MiniStackOptions): Promise<Judge> => {
  const { url, reset, close } = await startMiniStack(options);
  const account = new Account(url);
  return {
    name: 'MiniStack',
    url,
    account,
    user: () => enrol(url),
    moment: () => sleep(50),
    reset,
    close: async () => {
      account.destroy();
      await close();
    },
  };
};

const START: Readonly<Record<JudgeName, (options: MiniStackOptions) => Promise<Judge>>> = {
  'local AWS': localAws,
  MiniStack: miniStack,
};

/** Whether MiniStack can judge here; in CI it has to. */
export const hasMiniStack = findPython() !== undefined || process.env['CI'] === 'true';

/** Says in a line that MiniStack is missing, where it is. */
export const sayWhatIsMissing = (what: string): void => {
  if (hasMiniStack) return;
  process.stderr.write(
    `${what}: MiniStack is not asked, it is not installed (npm run setup, or AWS_DELIVERY_PYTHON)\n`,
  );
};

/** Where a scenario finds its judge, while it is played. */
export interface Court {
  readonly judge: Judge;
  /**
   * What is expected where the judges differ. `row` names the row of packages/local-aws/conformance.md that settles who
   * is right.
   */
  readonly differing: <T>(row: string, expected: Readonly<Record<JudgeName, T>>) => T;
}

export interface Matter extends MiniStackOptions {
  readonly title: string;
}

/** Plays the same scenarios before every judge, each in an empty account. */
export const judged = (matter: string | Matter, play: (court: Court) => void): void => {
  const { title, ...options } = typeof matter === 'string' ? { title: matter } : matter;
  sayWhatIsMissing(title);
  const trial = (name: JudgeName) => {
    let judge: Judge | undefined;
    const court: Court = {
      get judge() {
        if (judge === undefined) throw new Error(`${name} has not started`);
        return judge;
      },
      differing: (_row, expected) => expected[name],
    };
    beforeAll(async () => {
      judge = await START[name](options);
    });
    beforeEach(() => court.judge.reset());
    afterAll(() => judge?.close());
    play(court);
  };
  const isThere = (name: JudgeName) => name === 'local AWS' || hasMiniStack;
  describe.each(JUDGES.filter(isThere))(`${title}, before %s`, trial);
  const missing = JUDGES.filter((name) => !isThere(name));
  if (missing.length > 0) describe.skip.each(missing)(`${title}, before %s`, trial);
};

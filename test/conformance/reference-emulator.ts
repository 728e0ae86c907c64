import { setTimeout as sleep } from 'node:timers/promises';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { createClock } from '@aws-delivery/local-aws/time/clock';
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { ACCOUNT, Account, type Keys, REGION } from './account.js';
import { scenario } from './failure-rules.js';
import { type MiniStackOptions, startMiniStack } from './ministack.js';
import { createUser, EVERYTHING, ROLES, USER_NAME } from './principals.js';
import { findPython } from './python.js';

const EMULATOR_NAMES = ['local AWS', 'MiniStack'] as const;
export type EmulatorName = (typeof EMULATOR_NAMES)[number];

/** An emulator of AWS on which tests run scenarios with SDK clients. */
export interface Emulator {
  readonly name: EmulatorName;
  readonly url: string;
  /** Clients of the account's root. */
  readonly account: Account;
  /** Access keys of a user with all permissions, including AssumeRole. */
  readonly getUserKeys: () => Promise<Keys>;
  /** Advances the emulator's time by at most a second, so that operations in progress continue. */
  readonly advance: () => Promise<void>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Access keys of the user on local AWS; MiniStack generates its own. */
const USER: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of-the-user' };

const iamScenario: NonNullable<ScenarioInput['iam']> = {
  users: { [USER_NAME]: { accessKeys: { [USER.accessKeyId]: USER.secretAccessKey }, policies: { all: EVERYTHING } } },
  roles: Object.fromEntries(
    Object.entries(ROLES).map(([name, { trust, allowed }]) => [name, { trust, policies: { allowed } }]),
  ),
};

const startLocalEmulator = async (): Promise<Emulator> => {
  const aws = await startLocalAws({
    scenario: { ...scenario, account: ACCOUNT, region: REGION, iam: iamScenario },
    clock: createClock({ scale: 0 }),
  });
  const account = new Account(aws.url);
  return {
    name: 'local AWS',
    url: aws.url,
    account,
    getUserKeys: async () => USER,
    advance: async () => aws.clock.advance(250),
    reset: async () => aws.reset(),
    close: async () => {
      account.destroy();
      await aws.close();
    },
  };
};

const startMiniStackEmulator = async (options: MiniStackOptions): Promise<Emulator> => {
  const { url, reset, close } = await startMiniStack(options);
  const account = new Account(url);
  return {
    name: 'MiniStack',
    url,
    account,
    getUserKeys: () => createUser(url),
    advance: () => sleep(50),
    reset,
    close: async () => {
      account.destroy();
      await close();
    },
  };
};

const START: Readonly<Record<EmulatorName, (options: MiniStackOptions) => Promise<Emulator>>> = {
  'local AWS': startLocalEmulator,
  MiniStack: startMiniStackEmulator,
};

/** Why tests on MiniStack are skipped; undefined where it is installed, and in CI, where it must be. */
export const miniStackObstacle =
  findPython() === undefined && process.env['CI'] !== 'true' ? 'MiniStack is not installed' : undefined;

/** Declares the same tests for every emulator, with its name in place of `%s` in the title. */
export const describeEachEmulator = (title: string, declareTests: (name: EmulatorName) => void): void => {
  for (const name of EMULATOR_NAMES) {
    const obstacle = name === 'MiniStack' ? miniStackObstacle : undefined;
    declareUnless(obstacle, describe)(title.replace('%s', name), () => declareTests(name));
  }
};

/** The emulator of the tests that are declared in one suite. */
export interface EmulatorSuite {
  readonly emulator: Emulator;
  /**
   * The expected value where the emulators differ. `row` names the row of packages/local-aws/conformance.md that
   * settles which of them is right.
   */
  readonly differing: <T>(row: string, expected: Readonly<Record<EmulatorName, T>>) => T;
}

export interface SuiteOptions extends MiniStackOptions {
  readonly title: string;
}

/** Declares the same tests for every emulator; every test starts with an empty account. */
export const describeOnEmulators = (
  titleOrOptions: string | SuiteOptions,
  declareTests: (suite: EmulatorSuite) => void,
): void => {
  const { title, ...options } = typeof titleOrOptions === 'string' ? { title: titleOrOptions } : titleOrOptions;
  const declareSuite = (name: EmulatorName) => {
    let emulator: Emulator | undefined;
    const suite: EmulatorSuite = {
      get emulator() {
        if (emulator === undefined) throw new Error(`${name} has not started`);
        return emulator;
      },
      differing: (_row, expected) => expected[name],
    };
    beforeAll(async () => {
      emulator = await START[name](options);
    });
    beforeEach(() => suite.emulator.reset());
    afterAll(() => emulator?.close());
    declareTests(suite);
  };
  describeEachEmulator(`${title} on %s`, declareSuite);
};

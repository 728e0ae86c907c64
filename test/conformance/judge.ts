import { setTimeout as sleep } from 'node:timers/promises';
import { createClock } from '@aws-delivery/local-aws/clock';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { ACCOUNT, Account, REGION, ROOT } from './account.js';
import { startMiniStack } from './ministack.js';
import { findPython } from './python.js';
import { scenario } from './trouble.js';

const JUDGES = ['local AWS', 'MiniStack'] as const;
export type JudgeName = (typeof JUDGES)[number];

/** Somebody's idea of AWS, before whom a scenario is played with AWS's own clients. */
export interface Judge {
  readonly name: JudgeName;
  readonly account: Account;
  /** Lets some time pass, in which what is under way goes on: never more than a second of the judge's own. */
  readonly moment: () => Promise<void>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const localAws = async (): Promise<Judge> => {
  const aws = await startLocalAws({
    scenario: { ...scenario, account: ACCOUNT, region: REGION, iam: { accessKeys: { [ROOT.accessKeyId]: 'test' } } },
    clock: createClock({ scale: 0 }),
  });
  const account = new Account(aws.url);
  return {
    name: 'local AWS',
    account,
    moment: async () => aws.clock.advance(250),
    reset: async () => aws.reset(),
    close: async () => {
      account.destroy();
      await aws.close();
    },
  };
};

const miniStack = async (): Promise<Judge> => {
  const { url, reset, close } = await startMiniStack();
  const account = new Account(url);
  return {
    name: 'MiniStack',
    account,
    moment: () => sleep(50),
    reset,
    close: async () => {
      account.destroy();
      await close();
    },
  };
};

const START: Readonly<Record<JudgeName, () => Promise<Judge>>> = { 'local AWS': localAws, MiniStack: miniStack };

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

/** Plays the same scenarios before every judge, each in an empty account. */
export const judged = (what: string, play: (court: Court) => void): void => {
  sayWhatIsMissing(what);
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
      judge = await START[name]();
    });
    beforeEach(() => court.judge.reset());
    afterAll(() => judge?.close());
    play(court);
  };
  const isThere = (name: JudgeName) => name === 'local AWS' || hasMiniStack;
  describe.each(JUDGES.filter(isThere))(`${what}, before %s`, trial);
  const missing = JUDGES.filter((name) => !isThere(name));
  if (missing.length > 0) describe.skip.each(missing)(`${what}, before %s`, trial);
};

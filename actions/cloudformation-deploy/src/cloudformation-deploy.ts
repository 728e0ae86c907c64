import type { Action } from '@aws-delivery/action-kit/run';
import type { Definition, Inputs } from '../action.js';
import { ChangeSets } from './change-set.js';
import type { Context } from './context.js';
import { giveUp } from './give-up.js';
import { Interruptions } from './interruption.js';
import { Journal } from './journal.js';
import { commentOn, maskOutputs } from './presentation.js';
import { report } from './report.js';
import { type Request, requestOf } from './request.js';
import type { Ending, Result } from './result.js';
import { deliver } from './run.js';
import { createServices, type Services, type Tuning } from './services.js';
import { ambiguityText } from './stack-output.js';
import { createTokens } from './token.js';
import { headlineOf } from './verdict.js';

/** Letters and digits that no other process has, even one that began in the same millisecond. */
const instanceAt = (now: number, random: () => number): string =>
  `${Math.floor(now).toString(36)}${Math.floor(random() * 36 ** 4).toString(36)}`;

const contextOf = async (request: Request, services: Services, journal: Journal): Promise<Context> => {
  const { host, cloudFormation, material, random } = services;
  const { clock, signal, log } = host;
  const [region, account] = await Promise.all([services.region(), services.account()]);
  const waiting = { clock, signal, random, deadline: clock.now() + request.timeout };
  const place = { account, region, stackName: request.stack };
  return {
    request,
    cloudFormation,
    material,
    waiting,
    journal,
    log,
    changeSets: new ChangeSets(cloudFormation, waiting),
    tokens: createTokens(host.variables, place, instanceAt(clock.now(), random)),
    interruptions: new Interruptions({ host, region, policy: request.onCancel, roleArn: request.roleArn }),
  };
};

/** A preserved failure is unfinished until it is decided what becomes of it: only an end of the run settles that. */
const finish = async (context: Context): Promise<Ending> => {
  try {
    const ending = await deliver(context);
    context.interruptions.settle();
    return ending;
  } catch (error) {
    return giveUp(context, error);
  }
};

const endingOf = async (request: Request, services: Services, journal: Journal): Promise<Ending> => {
  try {
    const context = await contextOf(request, services, journal);
    return await finish(context);
  } catch (error) {
    return { kind: 'interrupted', error };
  }
};

const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = requestOf(inputs, services.workspace);
  const journal = new Journal();
  const result = { request, journal, ending: await endingOf(request, services, journal) };
  const { host, comments } = services;
  maskOutputs(result, host.mask);
  const ambiguity = ambiguityText(journal.stack);
  if (ambiguity !== undefined) host.log.warning(ambiguity);
  host.log.info(headlineOf(result));
  await commentOn(result, { host, comments, region: await services.region() });
  return result;
};

/** The action. `tune` changes the settings of its AWS clients. */
export const cloudformationDeploy = (tune?: Tuning): Action<Definition, Services, Result> => ({
  services: (inputs, host) => createServices(inputs, host, tune),
  run,
  report,
});
